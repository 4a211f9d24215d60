package dev.slipway.gateway.wire;

import io.netty.util.AsciiString;

/**
 * What a caller is shown to a service by, in the form in which it is sent; no log may have it.
 *
 * @param reveal the token
 */
public record SignedIdentity(AsciiString reveal) {
    /** Of a token as it was signed. */
    public static SignedIdentity of(String token) {
        return new SignedIdentity(new AsciiString(token));
    }

    @Override
    public String toString() {
        return "SignedIdentity[hidden]";
    }
}
