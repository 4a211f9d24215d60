package dev.slipway.credential.sshkey;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes in the notation of RFC 4251, section 5: each string is preceded by its length. */
final class SshBlob {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    SshBlob string(byte[] part) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        bytes.writeBytes(part);
        return this;
    }

    SshBlob string(String part) {
        return string(part.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    static String firstString(byte[] blob) {
        ByteBuffer rest = ByteBuffer.wrap(blob);
        byte[] first = new byte[rest.getInt()];
        rest.get(first);
        return new String(first, StandardCharsets.US_ASCII);
    }
}
