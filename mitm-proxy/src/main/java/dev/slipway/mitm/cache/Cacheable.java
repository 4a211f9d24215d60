package dev.slipway.mitm.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A body that never changes.
 *
 * @param key 64 hexadecimal digits, the file's name
 * @param sha256 the digest that the body must have; null where only its address says that it never changes
 */
public record Cacheable(String key, @Nullable String sha256) {
    /** OCI distribution, by digest; and where registries keep the same blobs for their redirects. */
    private static final Pattern BY_DIGEST = Pattern.compile(
            "/v2/.+/(?:blobs|manifests)/sha256:([0-9a-f]{64})|.*/blobs/sha256/[0-9a-f]{2}/([0-9a-f]{64})/data");

    /** npm tarballs, Maven releases, PyPI's content-addressed files, the pools of Debian archives. */
    private static final Pattern BY_ADDRESS = Pattern.compile("/.*/-/[^/]+-[0-9][^/]*\\.tgz"
            + "|/.*/[0-9][^/]*/[^/]+-[0-9][^/]*\\.(?:jar|pom|aar|module|war)"
            + "|/packages/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{60}/[^/]+"
            + "|(?:/.*)?/pool/.*\\.(?:deb|udeb)");

    /**
     * What a GET or HEAD of this address asks for.
     *
     * @param host of {@code authority}, which has the port, too
     * @param partition who may have it: empty for everybody
     */
    public static Optional<Cacheable> of(
            CacheTerms terms, String host, String authority, String target, String partition) {
        Matcher digest = BY_DIGEST.matcher(path(target));
        if (digest.matches()) {
            String sha256 = digest.group(1) == null ? digest.group(2) : digest.group(1);
            return Optional.of(new Cacheable(hash(partition + "\n" + sha256), sha256));
        }
        boolean fixed = target.indexOf('?') < 0
                && !target.contains("SNAPSHOT")
                && (BY_ADDRESS.matcher(target).matches() || terms.isFixed(host, target));
        return fixed ? Optional.of(new Cacheable(hash(partition + "\n" + authority + target), null)) : Optional.empty();
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(newDigest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
