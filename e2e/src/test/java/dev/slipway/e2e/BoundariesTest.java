package dev.slipway.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows of docs/ARCHITECTURE.md, read from the compiled classes of all modules. */
class BoundariesTest {
    private static final List<String> MODULES = List.of(
            "contracts",
            "service-kit",
            "gateway",
            "workspace-service",
            "session-service",
            "container-service",
            "credential-service",
            "mitm-proxy",
            "agent",
            "devstack",
            "cli");
    private static final JavaClasses ALL = new ClassFileImporter()
            .importPaths(MODULES.stream()
                    .map(module -> Commands.ROOT.resolve(module).resolve("target/classes"))
                    .toArray(Path[]::new));

    @Test
    void everyModuleIsRead() {
        assertThat(Stream.of(
                        "contracts",
                        "kit",
                        "gateway",
                        "workspace",
                        "session",
                        "container",
                        "credential",
                        "mitm",
                        "agent",
                        "devstack",
                        "cli"))
                .allSatisfy(name -> assertThat(ALL.that(resideInAPackage("dev.slipway." + name + "..")))
                        .as(name)
                        .isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "workspace", "session", "container", "credential", "mitm"})
    void aServiceImportsNoOther(String service) {
        String[] others = Stream.of(
                        "gateway",
                        "workspace",
                        "session",
                        "container",
                        "credential",
                        "mitm",
                        "agent",
                        "devstack",
                        "cli")
                .filter(other -> !other.equals(service))
                .map(other -> "dev.slipway." + other + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage("dev.slipway." + service + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(ALL);
    }

    /** What the framework generates beside them (its names have a dollar) is not ours. */
    @Test
    void contractsHoldValuesOnly() {
        classes()
                .that()
                .resideInAPackage("dev.slipway.contracts..")
                .and(not(nameMatching(".*\\.\\$.*")))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.slipway.contracts..",
                        "java..",
                        "org.jspecify..",
                        "io.micronaut.serde.annotation..",
                        "io.micronaut.core.annotation.."))
                .check(ALL);
    }

    @Test
    void theAgentInTheSandboxKnowsNoFrameworkAndNoService() {
        noClasses()
                .that()
                .resideInAPackage("dev.slipway.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micronaut..", "dev.slipway.kit..", "org.apache.kafka..")
                .check(ALL);
    }

    /** Three topics: lifecycle events by the kit's outbox, the egress log, and the audit log, which has an outbox of its own. */
    @Test
    void onlyTheOutboxesTalkToTheProducerBesideTheEgressLog() {
        noClasses()
                .that(not(resideInAnyPackage(
                        "dev.slipway.kit.outbox..", "dev.slipway.gateway.audit..", "dev.slipway.mitm..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka.clients.producer..")
                .check(ALL);
    }

    /** They may read a page through a repository; SQL, transactions and events are for those behind them. */
    @Test
    void controllersTranslateAndHoldNoTransaction() {
        noClasses()
                .that(nameMatching(".*Controller"))
                .and(not(nameMatching(".*\\.kit\\.telemetry\\.HealthController")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "javax.sql..",
                        "io.micronaut.data..",
                        "io.micronaut.transaction..",
                        "org.apache.kafka..",
                        "dev.slipway.kit.outbox..",
                        "dev.slipway.kit.job..")
                .check(ALL);
    }

    @Test
    void nothingKnowsItsOwnTests() {
        noClasses()
                .that(alwaysTrue())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.junit..", "org.assertj..")
                .check(ALL);
    }
}
