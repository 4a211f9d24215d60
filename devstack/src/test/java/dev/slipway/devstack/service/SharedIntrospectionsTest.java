package dev.slipway.devstack.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.core.beans.BeanIntrospector;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service's own classes are introspected as they are in its own class loader. */
class SharedIntrospectionsTest {
    private static final String SAMPLE = "IntrospectedSample";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void theClassOfTheServicesLoaderIsTheOneThatIsFound() throws Exception {
        copySample();
        try (var loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, new WithoutSample())) {
            Class<?> own = loader.loadClass(IntrospectedSample.class.getName());
            assertThat(own).isNotEqualTo(IntrospectedSample.class);

            SharedIntrospections.add(loader);

            assertThat(BeanIntrospector.SHARED.findIntrospection(own))
                    .hasValueSatisfying(
                            found -> assertThat((Object) found.getBeanType()).isEqualTo(own));
        }
    }

    private void copySample() throws IOException {
        Path classes = Path.of("target", "test-classes");
        try (var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().contains(SAMPLE))
                    .toList()) {
                Path copy = directory.resolve(classes.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    /** The libraries without the sample, as the launcher's loader is without the services' classes. */
    private static final class WithoutSample extends ClassLoader {
        WithoutSample() {
            super(SharedIntrospectionsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.contains(SAMPLE)) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        @Override
        public @Nullable URL getResource(String name) {
            return name.contains(SAMPLE) ? null : super.getResource(name);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            // The folder of references is asked for as a whole; the test's own copy must come from the service's
            // loader.
            return name.contains("BeanIntrospectionReference")
                    ? Collections.emptyEnumeration()
                    : super.getResources(name);
        }
    }
}
