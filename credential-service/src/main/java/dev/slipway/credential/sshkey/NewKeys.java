package dev.slipway.credential.sshkey;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.crypto.AsymmetricCipherKeyPairGenerator;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;

/** Makes private keys. */
final class NewKeys {
    private static final int RSA_BITS = 3072;

    /** The chance that a prime is none is below 2 to the minus this (FIPS 186-5, appendix B). */
    private static final int CERTAINTY = 128;

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
            case "rsa" -> {
                RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
                generator.init(new RSAKeyGenerationParameters(BigInteger.valueOf(65_537), random, RSA_BITS, CERTAINTY));
                yield Optional.of(privateOf(generator));
            }
            default -> Optional.empty();
        };
    }

    private static AsymmetricKeyParameter privateOf(AsymmetricCipherKeyPairGenerator generator) {
        return generator.generateKeyPair().getPrivate();
    }
}
