package dev.slipway.credential.store;

import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.sshkey.MalformedSshKeyException;
import dev.slipway.credential.sshkey.SshKey;
import dev.slipway.kit.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Checks the secret that a user sent. What is wrong with it is said without quoting it. */
final class Secrets {
    private static final int SECRET_MAX = 8192;
    private static final int SSH_KEY_MAX = 16_384;

    private Secrets() {}

    /** A secret for a header, a query parameter or HTTP Basic. */
    static String text(NewCredential sent) {
        String secret = given(sent).strip();
        if (secret.length() > SECRET_MAX) {
            throw ProblemException.unprocessable(
                    "apiKey", secret.length() + " characters (expected: at most " + SECRET_MAX + ")");
        }
        if (!isPrintable(secret)) {
            throw ProblemException.unprocessable(
                    "apiKey", "holds characters that no header may have (expected: printable ASCII on one line)");
        }
        if (secret.contains(Provider.PLACEHOLDER)) {
            throw ProblemException.unprocessable("apiKey", "that is the placeholder (expected: the secret itself)");
        }
        return secret;
    }

    /** A private key, pasted or made here. */
    static SshKey sshKey(NewCredential sent) {
        if (sent.generate() != null) {
            if (sent.apiKey() != null || sent.value() != null) {
                throw ProblemException.invalid("generate", "given beside a key (expected: one of the two)");
            }
            return SshKey.generate(sent.generate())
                    .orElseThrow(() -> ProblemException.unprocessable(
                            "generate", "not a type of key (expected: ed25519, ecdsa or rsa)"));
        }
        String text = given(sent);
        if (text.length() > SSH_KEY_MAX) {
            throw ProblemException.unprocessable(
                    "apiKey", text.length() + " characters (expected: at most " + SSH_KEY_MAX + ")");
        }
        try {
            return SshKey.parse(text);
        } catch (MalformedSshKeyException e) {
            throw ProblemException.unprocessable("apiKey", String.valueOf(e.getMessage()));
        }
    }

    /** Whether a header may hold it: a line break would end the header and begin another one. */
    static boolean isPrintable(String secret) {
        return secret.chars().allMatch(each -> each >= ' ' && each <= '~');
    }

    private static String given(NewCredential sent) {
        if (sent.apiKey() != null && sent.value() != null) {
            throw ProblemException.invalid("value", "given beside apiKey (expected: one of the two)");
        }
        @Nullable String raw = sent.apiKey() != null ? sent.apiKey() : sent.value();
        if (raw == null || raw.isBlank()) {
            throw ProblemException.invalid("apiKey", "missing (expected: the secret)");
        }
        return raw;
    }
}
