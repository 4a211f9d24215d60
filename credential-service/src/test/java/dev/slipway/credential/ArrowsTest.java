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
                .layer("vault")
                .definedBy("..credential.vault..")
                .layer("provider")
                .definedBy("..credential.provider..")
                .layer("store")
                .definedBy("..credential.store..")
                .layer("rules")
                .definedBy("..credential.rules..")
                .layer("probe")
                .definedBy("..credential.probe..")
                .layer("rotation")
                .definedBy("..credential.rotation..")
                .whereLayer("vault")
                .mayNotAccessAnyLayer()
                .whereLayer("provider")
                .mayNotAccessAnyLayer()
                .whereLayer("store")
                .mayOnlyAccessLayers("vault", "provider")
                .whereLayer("rules")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("probe")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("rotation")
                .mayNotBeAccessedByAnyLayer()
                .check(classes);
    }
}
