package dev.slipway.agent.cli;

import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What everything that runs in the sandbox has to know of it: where the way out is, and whom to trust there.
 *
 * @param caFile the certificate of the proxy's authority alone
 * @param bundleFile the same together with the public ones
 */
public record Surroundings(Path home, int relayPort, Path caFile, Path bundleFile) {

    /** The environment of the agent CLI, and through it of all that it starts. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        String proxy = "http://127.0.0.1:" + relayPort;
        // Both spellings: curl and git read http_proxy in lower case only, others only the upper one.
        for (String name :
                new String[] {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}) {
            environment.put(name, proxy);
        }
        environment.put("no_proxy", "localhost,127.0.0.1,::1");
        environment.put("NO_PROXY", "localhost,127.0.0.1,::1");
        environment.put("NODE_USE_ENV_PROXY", "1");
        environment.put("HOME", home.toString());
        environment.put("TERM", "dumb");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        if (Files.isReadable(caFile)) {
            environment.put("NODE_EXTRA_CA_CERTS", caFile.toString());
        }
        if (Files.isReadable(bundleFile)) {
            for (String name : new String[] {
                "SSL_CERT_FILE",
                "CURL_CA_BUNDLE",
                "GIT_SSL_CAINFO",
                "REQUESTS_CA_BUNDLE",
                "PIP_CERT",
                "CARGO_HTTP_CAINFO",
                "AWS_CA_BUNDLE",
                "CODEX_CA_CERTIFICATE",
                "DENO_CERT"
            }) {
                environment.put(name, bundleFile.toString());
            }
            // Always: a JDK may be brought in at any time, and has a key store of its own that nobody else adds to.
            environment.put("JAVA_TOOL_OPTIONS", javaOptions());
        }
        return environment;
    }

    private String javaOptions() {
        String options =
                "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=%1$d -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=%1$d -Dhttp.nonProxyHosts=localhost|127.*"
                        .formatted(relayPort);
        Path given = caFile.resolveSibling("truststore.p12");
        Path store = Files.isReadable(given) ? given : home.resolve(".slipway-truststore.p12");
        try {
            if (!store.equals(given)) {
                writeTrustStore(store);
            }
            // The store holds public certificates only; the word is there because the format wants one.
            return options
                    + " -Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStorePassword=changeit -Djavax.net.ssl.trustStore="
                    + store;
        } catch (IOException | GeneralSecurityException e) {
            Log.warn("trust store for Java cannot be written", "error", e.getMessage());
            return options;
        }
    }

    private void writeTrustStore(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        try (InputStream in = Files.newInputStream(bundleFile)) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                keys.setCertificateEntry("ca-" + number++, certificate);
            }
        }
        try (OutputStream out = Files.newOutputStream(store)) {
            keys.store(out, "changeit".toCharArray());
        }
    }
}
