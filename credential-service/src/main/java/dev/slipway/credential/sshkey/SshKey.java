package dev.slipway.credential.sshkey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;

/**
 * A key pair: Ed25519, ECDSA on a NIST curve, or RSA of 2048 bits and more. Its text form hides it.
 */
public final class SshKey {
    private static final int RSA_BITS_MIN = 2048;
    private static final int RSA_BITS_MAX = 8192;

    private final AsymmetricKeyParameter key;
    private final byte[] publicBlob;

    private SshKey(AsymmetricKeyParameter key, byte[] publicBlob) {
        this.key = key;
        this.publicBlob = publicBlob;
    }

    /** Reads a private key as {@code ssh-keygen} or {@code openssl} writes it: OpenSSH, PKCS #1, SEC 1 or PKCS #8, without a passphrase. */
    public static SshKey parse(String text) throws MalformedSshKeyException {
        return of(PrivateKeyText.read(text));
    }

    /** Makes a new one; {@code type} is {@code ed25519}, {@code ecdsa} (P-256) or {@code rsa} (3072 bits), else empty. */
    public static Optional<SshKey> generate(String type) {
        return NewKeys.of(type, new SecureRandom()).map(key -> {
            try {
                return of(key);
            } catch (MalformedSshKeyException e) {
                throw new IllegalStateException("a new key cannot be used", e);
            }
        });
    }

    /** Reads what {@link #stored} gave; the caller zeroes {@code stored}. */
    public static SshKey ofStored(byte[] stored) {
        byte[] decoded = Base64.getDecoder().decode(stored);
        try {
            return of(PrivateKeyFactory.createKey(decoded));
        } catch (IOException | MalformedSshKeyException e) {
            throw new IllegalStateException("a stored key cannot be read", e);
        } finally {
            Arrays.fill(decoded, (byte) 0);
        }
    }

    /** The private key to be sealed: base64 of PKCS #8. A secret. */
    public String stored() {
        byte[] encoded = new byte[0];
        try {
            encoded = PrivateKeyInfoFactory.createPrivateKeyInfo(key).getEncoded();
            return Base64.getEncoder().encodeToString(encoded);
        } catch (IOException e) {
            throw new UncheckedIOException("a key cannot be written", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /** The name of its type, such as {@code ssh-ed25519}. */
    public String type() {
        return SshBlob.firstString(publicBlob);
    }

    /** The public key as RFC 4253, section 6.6, has it. */
    public byte[] publicBlob() {
        return publicBlob.clone();
    }

    /** The public key as a line of {@code authorized_keys}. */
    public String publicLine() {
        return type() + " " + Base64.getEncoder().encodeToString(publicBlob);
    }

    /**
     * Signs as an SSH agent does; the answer is a signature blob.
     *
     * @param flags for RSA 2 (SHA-256) or 4 (SHA-512), as in the agent protocol; others ignore them
     * @throws MalformedSshKeyException if RSA is asked to sign with SHA-1, which servers no longer take
     */
    public byte[] sign(byte[] data, int flags) throws MalformedSshKeyException {
        return Signatures.of(key, type(), data, flags);
    }

    @Override
    public String toString() {
        return "SshKey[" + type() + "]";
    }

    private static SshKey of(AsymmetricKeyParameter key) throws MalformedSshKeyException {
        AsymmetricKeyParameter publicKey = switch (key) {
            case Ed25519PrivateKeyParameters ed -> ed.generatePublicKey();
            case RSAPrivateCrtKeyParameters rsa -> {
                requireSize(rsa.getModulus());
                yield new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
            }
            case ECPrivateKeyParameters ec ->
                new ECPublicKeyParameters(
                        ec.getParameters().getG().multiply(ec.getD()).normalize(), ec.getParameters());
            default ->
                throw new MalformedSshKeyException("of a type that is not supported (expected: Ed25519, ECDSA or RSA)");
        };
        try {
            return new SshKey(key, OpenSSHPublicKeyUtil.encodePublicKey(publicKey));
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedSshKeyException(
                    "on a curve that SSH does not know (expected: nistp256, nistp384 or nistp521)");
        }
    }

    private static void requireSize(BigInteger modulus) throws MalformedSshKeyException {
        int bits = modulus.bitLength();
        if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
            throw new MalformedSshKeyException(
                    "RSA of " + bits + " bits (expected: " + RSA_BITS_MIN + " to " + RSA_BITS_MAX + ")");
        }
    }
}
