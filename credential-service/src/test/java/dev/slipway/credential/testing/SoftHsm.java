package dev.slipway.credential.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real PKCS#11 token: one of SoftHSM, made and filled by the commands that an operator has. A process has one library, which
 * lists tokens as it is loaded, so all are made at once and tests take keys of their own.
 */
public final class SoftHsm {
    /** Debian's place for it. */
    public static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

    /** The user's PIN. */
    public static final String PIN = "271828";

    private static final Pattern SLOT = Pattern.compile("reassigned to slot (\\d+)");
    private static final AtomicInteger KEYS = new AtomicInteger();
    private static final Map<String, SoftHsm> TOKENS = new HashMap<>();

    private final String name;
    private final String slot;

    private SoftHsm(String name, String slot) {
        this.name = name;
        this.slot = slot;
    }

    /** Whether this machine has SoftHSM, and the command that makes keys. */
    public static boolean isInstalled() {
        return Files.exists(LIBRARY)
                && Stream.of("softhsm2-util", "pkcs11-tool")
                        .allMatch(program -> Files.isExecutable(Path.of("/usr/bin", program)));
    }

    /** The token that keys are made on. */
    public static SoftHsm token() {
        return named("slipway");
    }

    /** Another one, which nobody in this process logs in to with the right PIN. */
    public static SoftHsm strangers() {
        return named("strangers");
    }

    /** Makes a key of 256 bits that never leaves the token; its label. */
    public String newKey() {
        String label = "key-" + KEYS.incrementAndGet();
        tool("--keygen", "--key-type", "aes:32", "--label", label, "--sensitive");
        return label;
    }

    /** Brings a key that is known elsewhere onto the token. */
    public void bring(String label, byte[] key) throws IOException {
        Path file = Files.createTempFile("slipway-test", ".key");
        Files.write(file, key);
        tool(
                "--write-object",
                file.toString(),
                "--type",
                "secrkey",
                "--key-type",
                "AES:32",
                "--usage-decrypt",
                "--sensitive",
                "--label",
                label);
        Files.delete(file);
    }

    /** Destroys a key. */
    public void destroy(String label) {
        tool("--delete-object", "--type", "secrkey", "--label", label);
    }

    /** Settings of a service whose current key this is, as environment variables. */
    public Map<String, Object> settings(String label) {
        return Map.of(
                "SLIPWAY_PKCS11_LIBRARY", LIBRARY.toString(),
                "SLIPWAY_PKCS11_SLOT", slot,
                "SLIPWAY_PKCS11_PIN", PIN,
                "SLIPWAY_PKCS11_KEY", label);
    }

    /** The id of its slot. */
    public String slot() {
        return slot;
    }

    private static synchronized SoftHsm named(String name) {
        if (TOKENS.isEmpty()) {
            try {
                folder();
                for (String each : List.of("slipway", "strangers")) {
                    TOKENS.put(each, make(each));
                }
            } catch (IOException e) {
                throw new IllegalStateException("SoftHSM's tokens cannot be made", e);
            }
        }
        return Objects.requireNonNull(TOKENS.get(name));
    }

    private static void folder() throws IOException {
        Path configuration = Path.of(Objects.requireNonNull(System.getenv("SOFTHSM2_CONF"), "SOFTHSM2_CONF"));
        Path folder = Objects.requireNonNull(configuration.getParent());
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        Path tokens = Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(
                configuration,
                "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    }

    private static SoftHsm make(String name) {
        String said = run(List.of(
                "softhsm2-util", "--init-token", "--free", "--label", name, "--pin", PIN, "--so-pin", "314159"));
        Matcher slot = SLOT.matcher(said);
        if (!slot.find()) {
            throw new IllegalStateException("softhsm2-util: " + said);
        }
        return new SoftHsm(name, slot.group(1));
    }

    private void tool(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("pkcs11-tool", "--module", LIBRARY.toString(), "--token-label", name, "--login", "--pin", PIN));
        command.addAll(List.of(arguments));
        run(command);
    }

    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(command + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
