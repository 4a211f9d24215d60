package dev.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** No record of the gateway's prints a secret, whoever logs it or puts it into a message. */
class SecretsInRecordsTest {
    private static final String CANARY = "canary-in-a-record";

    /** What the name of a component that may hold a secret looks like. */
    private static final Pattern SECRET = Pattern.compile("(?i).*(token|secret|password|ticket|cookie|verifier|nonce"
            + "|authorization|state|key|identity|reveal)(hash)?|(?i)(.*code|access|refresh|url|location|credentials?)");

    /** Components with such a name that hold no secret. */
    private static final Set<String> OPEN = Set.of(
            "Delivery.state", // pending, delivered, …
            "Parcel.state",
            "IdempotencyKey.key", // of the client's choice, good for nothing without its login
            "Preference.key",
            "PublicEvent.key",
            "Visitor.credential" // the id of a login or token
            );

    private static Stream<Class<?>> records() throws IOException {
        Path classes = Path.of("target/classes");
        List<Class<?>> records = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name =
                        classes.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                Optional<Class<?>> found = recordNamed(name);
                found.ifPresent(records::add);
            }
        }
        return records.stream();
    }

    private static Optional<Class<?>> recordNamed(String name) {
        try {
            Class<?> found = Class.forName(name, false, SecretsInRecordsTest.class.getClassLoader());
            return found.isRecord() ? Optional.of(found) : Optional.empty();
        } catch (ClassNotFoundException | LinkageError _) {
            // Generated for a library that is not here.
            return Optional.empty();
        }
    }

    private static boolean mayHoldASecret(Class<?> type, RecordComponent component) {
        boolean text = component.getType() == String.class
                || component.getType() == URI.class
                || component.getType() == AsciiString.class;
        return text
                && SECRET.matcher(component.getName()).matches()
                && !OPEN.contains(type.getSimpleName() + "." + component.getName());
    }

    @Test
    void noneIsPrinted() throws Exception {
        List<Class<?>> secretive = records()
                .filter(type -> Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> mayHoldASecret(type, component)))
                .toList();
        List<String> printed = new ArrayList<>();
        for (Class<?> type : secretive) {
            String text = make(type).toString();
            if (text.contains(CANARY)) {
                printed.add(type.getName() + ": " + text);
            }
        }

        assertThat(secretive).hasSizeGreaterThan(15);
        assertThat(printed).isEmpty();
    }

    @Test
    void oneThatPrintsItIsFound() throws Exception {
        record Careless(String accessToken, String other) {}

        assertThat(mayHoldASecret(Careless.class, Careless.class.getRecordComponents()[0]))
                .isTrue();
        assertThat(make(Careless.class).toString()).contains(CANARY);
    }

    private static Object make(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(type, components[i]);
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new AssertionError(type + " takes none of the values made up here; teach this test", e.getCause());
        }
    }

    private static @Nullable Object value(Class<?> owner, RecordComponent component)
            throws ReflectiveOperationException {
        boolean secret = mayHoldASecret(owner, component);
        Class<?> type = component.getType();
        if (type == String.class) {
            return secret ? CANARY : "a1";
        }
        if (type == AsciiString.class) {
            return new AsciiString(CANARY);
        }
        if (type == URI.class) {
            return URI.create("https://example.com/" + (secret ? CANARY + "?token=" + CANARY : ""));
        }
        if (type == byte[].class) {
            return new byte[32];
        }
        if (type == boolean.class || type == Boolean.class) {
            return true;
        }
        if (type == int.class || type == Integer.class) {
            return 1;
        }
        if (type == long.class || type == Long.class) {
            return 1L;
        }
        if (type == double.class || type == Double.class) {
            return 1.0;
        }
        if (type == Instant.class) {
            return Instant.EPOCH;
        }
        if (type == Duration.class) {
            return Duration.ofSeconds(1);
        }
        if (type == List.class) {
            return List.of();
        }
        if (type == Set.class) {
            return Set.of();
        }
        if (type == Map.class) {
            return Map.of();
        }
        if (type == Optional.class) {
            return Optional.empty();
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return type.isRecord() ? make(type) : null;
    }
}
