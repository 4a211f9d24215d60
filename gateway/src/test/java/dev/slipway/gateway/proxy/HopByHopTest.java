package dev.slipway.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is about one connection stays on it (RFC 9110, section 7.6.1). */
class HopByHopTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authenticate",
                "Proxy-Authorization",
                "TE",
                "Trailer",
                "Upgrade"
            })
    void whatIsAlwaysAboutOneConnectionIsKnownInAnyCase(String name) {
        assertThat(HopByHop.is(name)).isTrue();
        assertThat(HopByHop.is(name.toUpperCase(Locale.ROOT))).isTrue();
        assertThat(HopByHop.is(name.toLowerCase(Locale.ROOT))).isTrue();
        assertThat(HopByHop.is(name + "s")).isFalse();
        assertThat(HopByHop.without(new DefaultHttpHeaders().add(name, "a")).names())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Length", "Transfer-Encoding", "Cookie", "Traceparent", "User-Agent", "Host"})
    void othersTravelOn(String name) {
        assertThat(HopByHop.is(name)).isFalse();
    }

    @Test
    void whatAConnectionHeaderNamesIsOneOfThemButForTheFraming() {
        HttpHeaders headers = new DefaultHttpHeaders()
                .add("Connection", "close, X-Mine")
                .add("Connection", "x-other ,Content-Length, transfer-encoding")
                .add("X-MINE", "1")
                .add("X-Other", "2")
                .add("Content-Length", "3")
                .add("Transfer-Encoding", "chunked")
                .add("Set-Cookie", "a=1")
                .add("Set-Cookie", "b=2");

        HttpHeaders kept = HopByHop.without(headers);

        assertThat(kept.names()).containsExactlyInAnyOrder("Content-Length", "Transfer-Encoding", "Set-Cookie");
        assertThat(kept.getAll("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(headers.names()).contains("Connection", "X-MINE", "X-Other");
    }
}
