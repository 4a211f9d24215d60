package dev.slipway.mitm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** No framework stands between the bytes. */
@NullMarked
class ArchitectureTest {
    private static final String[] DATA_PATH = {
        "..mitm.address..",
        "..mitm.policy..",
        "..mitm.authority..",
        "..mitm.inject..",
        "..mitm.meter..",
        "..mitm.journal..",
        "..mitm.cache..",
        "..mitm.wire..",
        "..mitm.door.."
    };

    private static final String OF_THE_JDK_ALONE = "dev.slipway.kit.address";

    @Test
    void whatTheDataPathTakesFromTheKitIsOfTheJdkAlone() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(OF_THE_JDK_ALONE);

        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(OF_THE_JDK_ALONE, "java..", "org.jspecify..")
                .check(classes);
    }

    @Test
    void theDataPathKnowsNeitherTheFrameworkNorTheControlPlane() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.slipway.mitm");

        noClasses()
                .that()
                .resideInAnyPackage(DATA_PATH)
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                                "io.micronaut..",
                                "dev.slipway.kit..",
                                "..mitm.settings..",
                                "..mitm.session..",
                                "..mitm.rules..",
                                "..mitm.usage..",
                                "..mitm.config..",
                                "..mitm.egress..")
                        .and(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(OF_THE_JDK_ALONE))))
                .check(classes);
    }
}
