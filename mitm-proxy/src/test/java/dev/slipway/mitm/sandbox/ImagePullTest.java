package dev.slipway.mitm.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.kit.testing.FreePorts;
import dev.slipway.mitm.testing.RunningProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** skopeo pulls an image from Debian's docker-registry through the proxy, twice, and podman once more: after the first pull the registry has lost its blobs. */
@NullMarked
@Tag("engine")
class ImagePullTest {
    @TempDir
    Path folder;

    @Test
    void theSecondPullNeedsNoBlobOfTheRegistry() throws Exception {
        int port = FreePorts.any();
        Process registry = registry(port);
        try (RunningProxy proxy = new RunningProxy.Builder()
                .upstreams("registry.example.com=http://127.0.0.1:" + port)
                .allowing("registry.example.com")
                .start()) {
            image();
            skopeo(
                    proxy,
                    "copy",
                    "--dest-tls-verify=false",
                    "--digestfile",
                    folder.resolve("digest").toString(),
                    "dir:" + folder.resolve("image"),
                    "docker://127.0.0.1:" + port + "/a/b:1");
            String source = "docker://registry.example.com/a/b@"
                    + Files.readString(folder.resolve("digest")).strip();
            skopeo(proxy, "copy", source, "dir:" + folder.resolve("first"));
            await().atMost(Duration.ofSeconds(30)).until(() -> proxy.stored() >= 3);
            removeBlobs();

            skopeo(proxy, "copy", source, "dir:" + folder.resolve("second"));

            assertThat(files("second")).isEqualTo(files("first"));
            podmanPull(proxy, source.substring("docker://".length()));
            assertThat(proxy.records().stream()
                            .filter(record -> "test, cache".equals(record.rule()))
                            .count())
                    .isGreaterThanOrEqualTo(3);
        } finally {
            registry.destroy();
            registry.waitFor();
        }
    }

    /** An image of one layer, as skopeo's dir transport has it. */
    private void image() throws Exception {
        Path image = Files.createDirectories(folder.resolve("image"));
        byte[] content = new byte[2_000_000];
        new Random(3).nextBytes(content);
        Files.write(folder.resolve("content"), content);
        run(
                List.of(
                        "tar",
                        "-C",
                        folder.toString(),
                        "-cf",
                        folder.resolve("layer.tar").toString(),
                        "content"),
                null);
        byte[] layer = Files.readAllBytes(folder.resolve("layer.tar"));
        byte[] config =
                ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:"
                                + sha256(layer) + "\"]}}")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] manifest =
                ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":"
                                + part("application/vnd.oci.image.config.v1+json", config) + ",\"layers\":["
                                + part("application/vnd.oci.image.layer.v1.tar", layer) + "]}")
                        .getBytes(StandardCharsets.UTF_8);
        Files.write(image.resolve(sha256(layer)), layer);
        Files.write(image.resolve(sha256(config)), config);
        Files.write(image.resolve("manifest.json"), manifest);
        Files.writeString(image.resolve("version"), "Directory Transport Version: 1.1\n");
    }

    private static String part(String type, byte[] content) throws Exception {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"sha256:" + sha256(content) + "\",\"size\":"
                + content.length + "}";
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private Process registry(int port) throws Exception {
        Path configuration = folder.resolve("registry.yml");
        Files.writeString(
                configuration,
                "version: 0.1\nlog: {level: error}\nstorage:\n  filesystem: {rootdirectory: "
                        + folder.resolve("storage") + "}\nhttp: {addr: '127.0.0.1:" + port + "'}\n");
        Process registry = new ProcessBuilder("docker-registry", "serve", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        for (int i = 0; i < 100; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return registry;
            } catch (IOException notYet) {
                Thread.sleep(100);
            }
        }
        throw new AssertionError(Files.readString(folder.resolve("registry.log")));
    }

    private void removeBlobs() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("storage"))) {
            files.filter(file -> file.endsWith("data")).forEach(ImagePullTest::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName() + " " + file.toFile().length())
                    .sorted()
                    .toList();
        }
    }

    private static void skopeo(RunningProxy proxy, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
        command.addAll(Arrays.asList(arguments));
        run(command, proxy);
    }

    /** Another client, which keeps what it pulls in a store of its own. */
    private void podmanPull(RunningProxy proxy, String image) throws IOException, InterruptedException {
        List<String> podman = List.of(
                "podman",
                "--root",
                folder.resolve("podman").toString(),
                "--runroot",
                folder.resolve("podman-run").toString(),
                "--storage-driver",
                "vfs");
        List<String> pull = new ArrayList<>(podman);
        pull.addAll(List.of("pull", "-q", "--signature-policy", policy().toString(), image));
        run(pull, proxy);
        List<String> list = new ArrayList<>(podman);
        list.addAll(List.of("images", "--digests"));
        assertThat(run(list, proxy)).contains(image.substring(image.indexOf('@') + 1));
    }

    private Path policy() throws IOException {
        return Files.writeString(
                folder.resolve("policy.json"), "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}");
    }

    private static String run(List<String> command, @Nullable RunningProxy proxy)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (proxy != null) {
            builder.environment().put("HTTPS_PROXY", "http://127.0.0.1:" + proxy.relayPort());
            builder.environment().put("SSL_CERT_FILE", proxy.authorityFile().toString());
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
