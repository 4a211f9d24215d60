package dev.slipway.credential.vault;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Wraps data keys by a key that never leaves Vault. A wrapped key is the key's name, a blank and Vault's own text {@code
 * vault:v3:…}, which names the version. The binding goes along as {@code associated_data}.
 *
 * <p>Data keys are made here and not by Vault's {@code datakey}, and are replaced by {@code decrypt} and {@code encrypt} and
 * not by {@code rewrap}: neither of the two takes associated data in every version of Vault.
 */
final class TransitKeys implements KeyWrapper {
    private static final String TEXT = "vault:v";
    private static final Pattern CIPHERTEXT = Pattern.compile("vault:v[0-9]{1,9}:[A-Za-z0-9+/]+={0,2}");

    /** How soon a rotation at Vault is noticed if nothing is sealed here. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(20);

    private final TransitClient client;
    private final String key;
    private volatile Version known = new Version(0, System.nanoTime() - LOOK_EVERY.toNanos() - 1);

    TransitKeys(TransitClient client, TransitSettings settings) {
        this.client = client;
        this.key = settings.key();
    }

    private record Version(int number, long seenAtNanos) {
        boolean isFresh() {
            return number > 0 && System.nanoTime() - seenAtNanos < LOOK_EVERY.toNanos();
        }
    }

    @Override
    public byte layout() {
        return Envelope.SERVICE;
    }

    @Override
    public String currentKeyId() {
        Version version = known;
        if (!version.isFresh()) {
            Integer latest = client.read("/keys/" + key).latestVersion();
            if (latest == null) {
                throw new KeyServiceUnavailableException("key " + key + " has no version");
            }
            version = seen(latest);
        }
        return id(key, version.number());
    }

    @Override
    public @Nullable String knownKeyId() {
        Version version = known;
        return version.number() == 0 ? null : id(key, version.number());
    }

    @Override
    public byte[] wrap(byte[] dataKey, byte[] bound) {
        try {
            String text = client.write(
                            "/encrypt/" + key, Map.of("plaintext", base64(dataKey), "associated_data", base64(bound)))
                    .ciphertext();
            if (text == null || !text.startsWith(TEXT)) {
                throw new KeyServiceUnavailableException("its answer has no ciphertext");
            }
            int version = version(text);
            if (version > known.number()) {
                seen(version);
            }
            return (key + " " + text).getBytes(StandardCharsets.US_ASCII);
        } catch (TransitClient.Refused e) {
            throw new KeyServiceUnavailableException("it refuses to encrypt: " + e.getMessage());
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] bound) throws SealedSecretException {
        String[] parts = text(wrapped).split(" ", 2);
        if (parts.length != 2 || !CIPHERTEXT.matcher(parts[1]).matches()) {
            throw new SealedSecretException("it was changed, so that the key service could not read it");
        }
        if (!parts[0].equals(key)) {
            throw new SealedSecretException("another key of the key service sealed it"
                    + " (expected: the one in slipway.credential.vault-transit.key, which is " + key + ")");
        }
        try {
            String plaintext = client.write(
                            "/decrypt/" + key, Map.of("ciphertext", parts[1], "associated_data", base64(bound)))
                    .plaintext();
            byte[] dataKey = Base64.getDecoder().decode(plaintext == null ? "" : plaintext);
            if (dataKey.length != Envelope.DATA_KEY_BYTES) {
                throw new SealedSecretException("the key service gave " + dataKey.length + " bytes (expected: "
                        + Envelope.DATA_KEY_BYTES + ")");
            }
            return dataKey;
        } catch (TransitClient.Refused e) {
            throw new SealedSecretException(
                    "the key service refuses it, since it was changed, belongs elsewhere or its key is too old ("
                            + e.getMessage() + ")");
        }
    }

    @Override
    public String keyIdOf(byte[] wrapped) {
        String[] parts = text(wrapped).split(" ", 2);
        return parts.length == 2 && CIPHERTEXT.matcher(parts[1]).matches()
                ? id(parts[0], version(parts[1]))
                : "transit/unknown";
    }

    private Version seen(int number) {
        Version version = new Version(number, System.nanoTime());
        known = version;
        return version;
    }

    private static String id(String key, int version) {
        return "transit/" + key + "/v" + version;
    }

    /** The number in {@code vault:v3:…}; 0 if there is none. */
    private static int version(String text) {
        int end = text.indexOf(':', TEXT.length());
        String number = end < 0 ? "" : text.substring(TEXT.length(), end);
        return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 0;
    }

    private static String text(byte[] wrapped) {
        return new String(wrapped, StandardCharsets.ISO_8859_1);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
