package dev.slipway.credential.sshkey;

import java.math.BigInteger;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.RSADigestSigner;

/** Signature blobs: RFC 8709 for Ed25519, RFC 5656 for ECDSA, RFC 8332 for RSA. */
final class Signatures {
    private static final int RSA_SHA2_256 = 2;
    private static final int RSA_SHA2_512 = 4;

    private Signatures() {}

    static byte[] of(AsymmetricKeyParameter key, String type, byte[] data, int flags) throws MalformedSshKeyException {
        return switch (key) {
            case Ed25519PrivateKeyParameters ed -> blob(type, sign(new Ed25519Signer(), ed, data));
            case ECPrivateKeyParameters ec -> blob(type, ecdsa(ec, data));
            case RSAPrivateCrtKeyParameters rsa
            when (flags & RSA_SHA2_512) != 0 ->
                blob("rsa-sha2-512", sign(new RSADigestSigner(new SHA512Digest()), rsa, data));
            case RSAPrivateCrtKeyParameters rsa
            when (flags & RSA_SHA2_256) != 0 ->
                blob("rsa-sha2-256", sign(new RSADigestSigner(new SHA256Digest()), rsa, data));
            default ->
                throw new MalformedSshKeyException(
                        flags + " asks for a signature with SHA-1 (expected: 2 for SHA-256 or 4 for SHA-512)");
        };
    }

    private static byte[] blob(String type, byte[] signature) {
        return new SshBlob().string(type).string(signature).bytes();
    }

    private static byte[] sign(Signer signer, AsymmetricKeyParameter key, byte[] data) {
        signer.init(true, key);
        signer.update(data, 0, data.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException("a stored key does not sign", e);
        }
    }

    private static byte[] ecdsa(ECPrivateKeyParameters key, byte[] data) {
        int bits = key.getParameters().getCurve().getFieldSize();
        Digest digest = bits <= 256 ? new SHA256Digest() : bits <= 384 ? new SHA384Digest() : new SHA512Digest();
        byte[] hash = new byte[digest.getDigestSize()];
        digest.update(data, 0, data.length);
        digest.doFinal(hash, 0);
        // A nonce derived from key and message (RFC 6979): no bad random number can give the key away.
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(digest));
        signer.init(true, key);
        BigInteger[] pair = signer.generateSignature(hash);
        return new SshBlob()
                .string(pair[0].toByteArray())
                .string(pair[1].toByteArray())
                .bytes();
    }
}
