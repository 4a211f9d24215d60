package dev.slipway.credential.sshkey;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.crypto.AsymmetricCipherKeyPairGenerator;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;

/** Makes private keys. */
final class NewKeys {
    private static final int RSA_BITS = 3072;

    private NewKeys() {}

    static Optional<AsymmetricKeyParameter> of(String type, SecureRandom random) {
        return switch (type) {
            case "ed25519" -> Optional.of(new Ed25519PrivateKeyParameters(random));
            case "ecdsa" -> {
                ECKeyPairGenerator generator = new ECKeyPairGenerator();
                generator.init(new ECKeyGenerationParameters(
                        new ECNamedDomainParameters(
                                SECObjectIdentifiers.secp256r1,
                                ECNamedCurveTable.getByOID(SECObjectIdentifiers.secp256r1)),
                        random));
                yield Optional.of(privateOf(generator));
            }
            case "rsa" -> Optional.of(rsa(random));
            default -> Optional.empty();
        };
    }

    private static AsymmetricKeyParameter privateOf(AsymmetricCipherKeyPairGenerator generator) {
        return generator.generateKeyPair().getPrivate();
    }

    private static AsymmetricKeyParameter rsa(SecureRandom random) {
        byte[] encoded = new byte[0];
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS, random);
            encoded = generator.generateKeyPair().getPrivate().getEncoded();
            return PrivateKeyFactory.createKey(encoded);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the platform lacks RSA", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }
}
