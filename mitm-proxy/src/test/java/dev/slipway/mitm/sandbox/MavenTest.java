package dev.slipway.mitm.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.mitm.address.Network;
import dev.slipway.mitm.testing.RunningProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maven, which knows proxies by its settings and trusts what a Java store says, gets a file from the repository it is configured with; the second time from the cache. */
@NullMarked
@Tag("engine")
class MavenTest {
    private static final Path MAVEN = Path.of("/usr/bin/mvn");

    @TempDir
    Path folder;

    @Test
    void aParentIsResolvedThroughTheProxy() throws Exception {
        assumeTrue(Files.isExecutable(MAVEN));
        try (RunningProxy proxy = new RunningProxy.Builder()
                .allowing("*")
                .exempting(List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0")))
                .start()) {
            trustStore(proxy);
            settings(proxy);
            Files.writeString(folder.resolve("pom.xml"), """
                    <project><modelVersion>4.0.0</modelVersion>
                    <parent><groupId>org.apache</groupId><artifactId>apache</artifactId><version>23</version><relativePath/></parent>
                    <groupId>x</groupId><artifactId>x</artifactId><version>1</version><packaging>pom</packaging></project>
                    """);

            maven("first");
            maven("second");

            assertThat(folder.resolve("second/org/apache/apache/23/apache-23.pom"))
                    .exists();
            assertThat(proxy.records())
                    .filteredOn(record -> String.valueOf(record.path()).endsWith("/apache-23.pom"))
                    .extracting(record -> record.status() + " " + record.rule())
                    .containsExactly("200 test", "200 test, cache");
        }
    }

    private void maven(String repository) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        MAVEN.toString(),
                        "-B",
                        "-s",
                        folder.resolve("settings.xml").toString(),
                        "-Dmaven.repo.local=" + folder.resolve(repository),
                        "-f",
                        folder.resolve("pom.xml").toString(),
                        "validate")
                .redirectErrorStream(true);
        builder.environment()
                .put(
                        "MAVEN_OPTS",
                        "-Djavax.net.ssl.trustStorePassword=changeit -Djavax.net.ssl.trustStore="
                                + folder.resolve("trust.p12"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private void settings(RunningProxy proxy) throws IOException {
        Files.writeString(
                folder.resolve("settings.xml"),
                "<settings><proxies>" + proxyFor("http", proxy) + proxyFor("https", proxy) + "</proxies></settings>");
    }

    private static String proxyFor(String protocol, RunningProxy proxy) {
        return "<proxy><id>" + protocol + "</id><active>true</active><protocol>" + protocol
                + "</protocol><host>127.0.0.1</host><port>" + proxy.relayPort() + "</port></proxy>";
    }

    private void trustStore(RunningProxy proxy) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var in = Files.newInputStream(proxy.authorityFile())) {
            store.setCertificateEntry(
                    "slipway", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        try (var out = Files.newOutputStream(folder.resolve("trust.p12"))) {
            store.store(out, "changeit".toCharArray());
        }
    }
}
