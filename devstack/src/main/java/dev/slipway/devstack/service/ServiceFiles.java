package dev.slipway.devstack.service;

import dev.slipway.devstack.StartFailure;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * A built service: its own jar and the libraries beside it.
 *
 * @param libraries in a fixed order, so that a class path made of them is the same each time
 */
public record ServiceFiles(Path jar, List<Path> libraries) {
    private static final String VERSION = "0.1.0";

    public ServiceFiles {
        libraries = List.copyOf(libraries);
    }

    /** What the build left for that service below the project's folder; empty if it is not built. */
    public static Optional<ServiceFiles> find(Path project, SuiteService service) {
        Path target = project.resolve(service.title()).resolve("target");
        Path jar = target.resolve(service.title() + "-" + VERSION + ".jar");
        Path libs = target.resolve("libs");
        if (!Files.isRegularFile(jar) || !Files.isDirectory(libs) || !holdsMainClass(jar, service)) {
            return Optional.empty();
        }
        try (var files = Files.list(libs)) {
            return Optional.of(new ServiceFiles(
                    jar,
                    files.filter(file -> file.toString().endsWith(".jar"))
                            .sorted()
                            .toList()));
        } catch (IOException e) {
            throw new StartFailure("The libraries of " + service.title() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The class path of a JVM for this service alone. */
    public String classPath() {
        return jar
                + File.pathSeparator
                + libraries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * What a class loader below the launcher's has to add: the service's jar and the libraries that the launcher lacks. A
     * library that only one service has stays invisible to the others, and so do its beans.
     */
    URL[] beyond(String launcherClassPath) {
        Set<String> shared = Arrays.stream(launcherClassPath.split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).getFileName().toString())
                .collect(Collectors.toSet());
        return Stream.concat(
                        Stream.of(jar),
                        libraries.stream()
                                .filter(library ->
                                        !shared.contains(library.getFileName().toString())))
                .map(ServiceFiles::url)
                .toArray(URL[]::new);
    }

    private static boolean holdsMainClass(Path jar, SuiteService service) {
        try (var archive = new ZipFile(jar.toFile())) {
            return archive.getEntry(service.mainClass().replace('.', '/') + ".class") != null;
        } catch (IOException e) {
            return false;
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("not a file: " + path, e);
        }
    }
}
