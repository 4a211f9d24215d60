package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search that finds nothing proves something only if it finds what is there. */
class SecretSearchTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc", "git:"})
    void findsASecretInBase64WhateverStandsBeforeIt(String before) {
        SecretSearch search = new SecretSearch("canary-");

        search.text(
                "answer",
                "Basic " + Base64.getEncoder().encodeToString((before + "canary-x").getBytes(StandardCharsets.UTF_8)));

        assertThat(search.found()).singleElement().asString().startsWith("answer: ");
    }

    @Test
    void findsOneThatStandsAcrossTwoPiecesOfAFile(@TempDir Path folder) throws IOException {
        byte[] long_ = new byte[(1 << 20) - 3 + 20];
        System.arraycopy("canary-x".getBytes(StandardCharsets.UTF_8), 0, long_, (1 << 20) - 3, 8);
        Files.write(folder.resolve("log"), long_);
        SecretSearch search = new SecretSearch("canary-");

        search.files("logs", folder);

        assertThat(search.found()).hasSize(1);
        assertThat(search.searchedBytes()).isGreaterThanOrEqualTo(long_.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"canary-x", "dmVyaWZpZXI-fieXi_q-", "646d5679"})
    void findsWhateverItWasToldOfAndItsDerivedForms(String secret) {
        for (String derived : new String[] {
            secret,
            "\0" + HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)),
            Base64.getUrlEncoder().encodeToString(("u:" + secret).getBytes(StandardCharsets.UTF_8)),
            new String(secret.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1)
        }) {
            SecretSearch search = new SecretSearch("canary-");
            search.also(secret);

            search.text("answer", "before" + derived + "after");

            assertThat(search.found()).as(derived).isNotEmpty();
        }
    }

    @Test
    void passesOverWhatIsNone() {
        SecretSearch search = new SecretSearch("canary-");

        search.text("answer", "a canary, Y2FuYXJ, canar-y");

        assertThat(search.found()).isEmpty();
    }
}
