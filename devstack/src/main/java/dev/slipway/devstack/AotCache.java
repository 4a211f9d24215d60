package dev.slipway.devstack;

import dev.slipway.devstack.home.SlipwayHome;
import dev.slipway.devstack.service.ServiceFiles;
import dev.slipway.devstack.service.SuiteService;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM's ahead-of-time cache of loaded classes, which takes most of the work out of a start. It is trained by a second
 * run in the background, with a database and a broker of its own, after the first good start, and again when the JDK or a
 * library has changed. A start never waits for it, and without it only takes longer.
 *
 * <p>It lies beside the launcher's jar, since it belongs to that build, not to a home. The variable
 * {@code SLIPWAY_AOT=off} turns the training off.
 */
final class AotCache {
    private static final Logger LOG = LoggerFactory.getLogger(AotCache.class);
    private static final Duration TRAINING_DEADLINE = Duration.ofMinutes(5);

    private AotCache() {}

    static void trainInBackground(Options options, SlipwayHome home) {
        if ("off".equals(System.getenv("SLIPWAY_AOT"))) {
            return;
        }
        Thread.ofPlatform().daemon().name("aot-training").start(() -> {
            try {
                trainIfStale(options, home);
            } catch (IOException | UncheckedIOException e) {
                LOG.atWarn().setCause(e).log("AOT cache not made");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void trainIfStale(Options options, SlipwayHome home) throws IOException, InterruptedException {
        Path target = options.project().resolve("devstack").resolve("target");
        Path cache = target.resolve("slipway.aot");
        Path keyFile = target.resolve("slipway.aot.key");
        String key = key(System.getProperty("java.class.path"), options.project());
        if (Files.exists(cache)
                && Files.exists(keyFile)
                && Files.readString(keyFile).equals(key)) {
            return;
        }
        Path stage = target.resolve("aot-training");
        if (!claim(stage)) {
            return;
        }
        try {
            Path draft = stage.resolve("slipway.aot");
            if (rehearse(options, home, stage, draft) && Files.exists(draft)) {
                Files.deleteIfExists(keyFile);
                Files.move(draft, cache, StandardCopyOption.REPLACE_EXISTING);
                Files.writeString(keyFile, key);
                LOG.atInfo().addKeyValue("bytes", Files.size(cache)).log("AOT cache made");
            }
        } finally {
            removeTree(stage);
        }
    }

    /** Only one of several stacks trains; a claim of a killed one expires. */
    private static boolean claim(Path stage) throws IOException {
        if (Files.exists(stage)) {
            FileTime made = Files.getLastModifiedTime(stage);
            if (made.toInstant().plus(TRAINING_DEADLINE).isAfter(Instant.now())) {
                return false;
            }
            removeTree(stage);
        }
        Files.createDirectory(stage);
        return true;
    }

    private static boolean rehearse(Options options, SlipwayHome home, Path stage, Path draft)
            throws IOException, InterruptedException {
        Path stageHome = Files.createTempDirectory("slipway-aot");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "nice",
                        "-n",
                        "15",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + options.project().resolve("devstack").resolve("jvm.options"),
                        "-XX:AOTCacheOutput=" + draft,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Launcher.class.getName(),
                        "--rehearsal",
                        "--port",
                        "0",
                        "--project",
                        options.project().toString(),
                        "--home",
                        stageHome.toString()))
                .redirectErrorStream(true)
                .redirectOutput(home.logs().resolve("aot.log").toFile());
        builder.environment().keySet().removeAll(List.of("DATABASE_DSN", "PORT"));
        Process process = builder.start();
        // The training must not outlive the stack; its own hook stops its Postgres.
        Thread ender = Thread.ofPlatform().unstarted(process::destroy);
        Runtime.getRuntime().addShutdownHook(ender);
        try {
            boolean ended = process.waitFor(TRAINING_DEADLINE);
            if (!ended) {
                process.destroy();
            }
            return ended && process.exitValue() == 0;
        } finally {
            removeTree(stageHome);
            LOG.atDebug().addKeyValue("stage", stage).log("rehearsal ended");
        }
    }

    /** Changes when the JDK or a file of the class path changes, or when there is another set of services to train with. */
    private static String key(String classPath, Path project) throws IOException {
        StringBuilder text =
                new StringBuilder(System.getProperty("java.vm.version")).append(System.getProperty("java.vm.vendor"));
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            text.append('\n').append(path).append(' ').append(Files.size(path));
            text.append(' ').append(Files.getLastModifiedTime(path).toMillis());
        }
        for (SuiteService service : SuiteService.values()) {
            text.append('\n')
                    .append(service)
                    .append(ServiceFiles.find(project, service).isPresent());
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void removeTree(Path tree) throws IOException {
        if (Files.isDirectory(tree)) {
            try (var paths = Files.walk(tree)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
