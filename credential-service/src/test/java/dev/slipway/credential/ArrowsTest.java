package dev.slipway.credential;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which package may know which: secrets are opened in few places, and those are seen here. */
class ArrowsTest {
    @Test
    void packagesLeanOneWay() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.slipway.credential");

        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("trust")
                .definedBy("..credential.trust..")
                .layer("vault")
                .definedBy("..credential.vault..")
                .layer("provider")
                .definedBy("..credential.provider..")
                .layer("sshkey")
                .definedBy("..credential.sshkey..")
                .layer("outgoing")
                .definedBy("..credential.outgoing..")
                .layer("store")
                .definedBy("..credential.store..")
                .layer("oauth")
                .definedBy("..credential.oauth..")
                .layer("rotation")
                .definedBy("..credential.rotation..")
                .layer("rules")
                .definedBy("..credential.rules..")
                .layer("probe")
                .definedBy("..credential.probe..")
                .layer("usage")
                .definedBy("..credential.usage..")
                .layer("signing")
                .definedBy("..credential.signing..")
                .whereLayer("trust")
                .mayNotAccessAnyLayer()
                .whereLayer("vault")
                .mayOnlyAccessLayers("trust")
                .whereLayer("provider")
                .mayNotAccessAnyLayer()
                .whereLayer("sshkey")
                .mayNotAccessAnyLayer()
                .whereLayer("outgoing")
                .mayOnlyAccessLayers("trust")
                .whereLayer("store")
                .mayOnlyAccessLayers("vault", "provider", "sshkey")
                .whereLayer("oauth")
                .mayOnlyAccessLayers("store", "vault", "provider", "outgoing")
                .whereLayer("rotation")
                .mayOnlyAccessLayers("store", "vault")
                .whereLayer("rules")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("probe")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("usage")
                .mayOnlyAccessLayers("store")
                .whereLayer("signing")
                .mayNotBeAccessedByAnyLayer()
                .check(classes);
    }
}
