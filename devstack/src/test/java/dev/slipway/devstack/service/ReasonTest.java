package dev.slipway.devstack.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.exceptions.BeanContextException;
import org.junit.jupiter.api.Test;

/** Of a start that failed, people are told what the service's own code said, whichever shape it ran in. */
class ReasonTest {
    private static final String LOG = """
            2026-12-01T04:33:00.001Z INFO  d.s.m.Application first start
            Exception in thread "main" java.lang.IllegalStateException: of an earlier start
            2026-12-01T04:33:02.773Z ERROR i.m.runtime.Micronaut Error starting Micronaut server: Bean definition [x.Door] could not be loaded

            Message: roots: signed fields invalid
            Path Taken:
            new x.Door([x.Doors doors])
            \\---> new x.Door([x.Doors doors])
            io.micronaut.context.exceptions.BeanInstantiationException: Bean definition [x.Door] could not be loaded
            \tat io.micronaut.context.DefaultBeanContext.start(DefaultBeanContext.java:1)
            Caused by: io.micronaut.context.exceptions.BeanInstantiationException: Error instantiating bean of type [x.Doors]
            \t... 12 common frames omitted
            Caused by: java.lang.IllegalStateException: CA_FILE: key.pem cannot be used
            \tat x.Trust.load(Trust.java:95)
            Caused by: java.security.cert.CertificateParsingException: signed fields invalid
            \tat java.base/sun.security.x509.X509CertImpl.parse(X509CertImpl.java:1)
            """;

    @Test
    void ofAnExceptionItIsWhatWasSaidBelowTheFramework() {
        var cause = new IllegalArgumentException("UPSTREAMS: nonsense (expected: host=url)\nmore", null);

        assertThat(Reason.of(new BeanContextException("Error instantiating bean of type [Door]", cause)))
                .isEqualTo("UPSTREAMS: nonsense (expected: host=url)");
    }

    @Test
    void aMessageThatOnlyRepeatsItsCausesIsSaidOnce() {
        var cause = new IllegalStateException("no such file: roots.pem");

        assertThat(Reason.of(
                        new IllegalStateException("java.lang.IllegalStateException: no such file: roots.pem", cause)))
                .isEqualTo("java.lang.IllegalStateException: no such file: roots.pem");
    }

    @Test
    void whereOnlyTheFrameworkSaidAnythingItIsThat() {
        assertThat(Reason.of(new BeanContextException("No bean of type [Door]")))
                .isEqualTo("No bean of type [Door]");
    }

    @Test
    void ofALogItIsItsLastExceptionBelowTheFramework() {
        assertThat(Reason.inLog(LOG)).contains("CA_FILE: key.pem cannot be used: signed fields invalid");
    }

    @Test
    void ofALogWithoutAnExceptionItIsTheLastLine() {
        assertThat(Reason.inLog(
                        "Unrecognized VM option 'Nonsense'\nError: Could not create the Java Virtual Machine.\n\n"))
                .contains("Error: Could not create the Java Virtual Machine.");
        assertThat(Reason.inLog("")).isEmpty();
    }

    @Test
    void itIsOneLineOfABoundedLength() {
        assertThat(Reason.of(new IllegalStateException("x".repeat(100_000)))).hasSizeLessThan(700);
    }
}
