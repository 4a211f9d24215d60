package dev.slipway.credential.vault;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What a sealed secret belongs to. It opens for exactly this and nothing else, so that a ciphertext copied to another row,
 * project or version is of no use.
 *
 * @param purpose which of a credential's secrets this is, for example {@code value}
 */
public record Binding(String projectId, String credentialId, long version, String purpose) {
    /** The bytes to authenticate; each part is preceded by its length, so that no two bindings give the same bytes. */
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            part(out, "slipway-credential");
            part(out, projectId);
            part(out, credentialId);
            out.writeLong(version);
            part(out, purpose);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void part(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
