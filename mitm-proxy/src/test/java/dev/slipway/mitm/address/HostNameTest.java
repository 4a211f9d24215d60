package dev.slipway.mitm.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every host has one spelling, and what could be read as two hosts is none. */
@NullMarked
class HostNameTest {
    @ParameterizedTest
    @CsvSource({
        "Example.COM,example.com",
        "example.com.,example.com",
        "xn--bcher-kva.example,xn--bcher-kva.example",
        "_dmarc.example.com,_dmarc.example.com",
        "10.0.0.1,10.0.0.1",
        "10.0.0.1.,10.0.0.1",
        "[2001:DB8::1],2001:db8::1",
        "2001:db8:0:0::1,2001:db8::1",
        "127.0.0.1.nip.example,127.0.0.1.nip.example"
    })
    void oneHostHasOneSpelling(String given, String canonical) {
        assertThat(HostName.parse(given).text()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "127.1",
                "127.0.1",
                "0",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.0x4",
                "example.123",
                "::ffff:127.0.0.1",
                "[::ffff:7f00:1]",
                "fe80::1%eth0",
                "[fe80::1%25eth0]",
                "[::1",
                "::g",
                "a..b",
                ".",
                "..",
                "example.com..",
                ".example.com",
                "user@example.com",
                "exa mple.com",
                "example.com\u0000.evil.tld",
                "example.com%00",
                "exam%70le.com",
                "b\u00fccher.example",
                "\uff45xample.com",
                "example\u3002com",
                "-a.example",
                "a-.example",
                "example.com/",
                "example.com?x",
                "example.com#x",
                "a\\b",
                "*.example.com",
                "a\tb",
                "a\r\nb"
            })
    void aSpellingWithTwoReadingsIsNoHost(String given) {
        assertThatThrownBy(() -> HostName.parse(given)).isInstanceOf(MalformedHost.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a:0", "a:65536", "a:", "a:+1", "a: 1", "a:1:2", "a:http", "[::1]x:1", "", ":80", "a:000080"})
    void anAuthorityWithAnOddPortIsNone(String given) {
        assertThatThrownBy(() -> HostPort.parse(given, 80)).isInstanceOf(MalformedHost.class);
    }

    /** 200,000 texts from a fixed seed, made of the pieces that such tricks are made of. */
    @Test
    void whateverIsReadStaysTheSameWhenReadAgain() {
        Random random = new Random(42);
        String[] pieces = {
            "a", "Z", "0", "7", "127", ".", "..", ":", "::", "[", "]", "x", "0x", "%", "@", "-", "_", "\u0000",
            "\u00e9", "ffff"
        };
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int piece = random.nextInt(8); piece >= 0; piece--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                HostName host = HostName.parse(text);
                read++;
                assertThat(HostName.parse(host.text())).isEqualTo(host);
                assertThat(host.text()).matches("[a-z0-9._:-]+");
            } catch (MalformedHost expected) {
                assertThat(expected).hasMessageNotContaining(String.valueOf((char) 0));
            }
        }
        assertThat(read).isGreaterThan(1_000);
    }
}
