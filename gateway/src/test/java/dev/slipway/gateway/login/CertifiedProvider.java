package dev.slipway.gateway.login;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The OpenID Provider of {@code src/test/oidc} as a process of its own; its packages are installed as its lock file says. */
final class CertifiedProvider implements AutoCloseable {
    static final String CLIENT_ID = "slipway-under-test";
    static final String CLIENT_SECRET = "the secret of the tests, long enough";

    private static final Path FOLDER = Path.of("src/test/oidc");

    private final Process process;
    private final String issuer;

    private CertifiedProvider(Process process, String issuer) {
        this.process = process;
        this.issuer = issuer;
    }

    static CertifiedProvider start(String redirectUri) {
        try {
            install();
            Process process = new ProcessBuilder("node", "provider.mjs", CLIENT_ID, CLIENT_SECRET, redirectUri)
                    .directory(FOLDER.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String issuer = out.readLine();
            if (issuer == null) {
                throw new IllegalStateException("oidc-provider: ended at start");
            }
            return new CertifiedProvider(process, issuer);
        } catch (IOException e) {
            throw new UncheckedIOException("oidc-provider does not start (expected: node and npm on the path)", e);
        }
    }

    /** Once per state of the lock file. */
    private static void install() throws IOException {
        Path installed = FOLDER.resolve("node_modules/.slipway-lock");
        String lock = Files.readString(FOLDER.resolve("package-lock.json"));
        if (Files.exists(installed) && Files.readString(installed).equals(lock)) {
            return;
        }
        Process npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                throw new IllegalStateException("npm ci failed: " + said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("npm ci was interrupted", e);
        }
        Files.writeString(installed, lock);
    }

    String issuer() {
        return issuer;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
