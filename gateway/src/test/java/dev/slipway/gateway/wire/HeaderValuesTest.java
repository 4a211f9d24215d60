package dev.slipway.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderValuesTest {
    private final HttpHeaders headers = new DefaultHttpHeaders();

    @Test
    void allValuesAreFoundInTheirOrder() {
        headers.add("Cookie", "a=1").add("Host", "one").add("cookie", "b=2").add("COOKIE", "c=3");

        assertThat(HeaderValues.all(headers, "Cookie")).isEqualTo(List.of("a=1", "b=2", "c=3"));
        assertThat(HeaderValues.count(headers, "Cookie")).isEqualTo(3);
    }

    @Test
    void oneIsOneAndNoneIsNone() {
        headers.add("Host", "one").add("Accept", "");

        assertThat(HeaderValues.all(headers, "host")).isEqualTo(List.of("one"));
        assertThat(HeaderValues.count(headers, "host")).isEqualTo(1);
        assertThat(HeaderValues.all(headers, "accept")).isEqualTo(List.of(""));
        assertThat(HeaderValues.all(headers, "Origin")).isEmpty();
        assertThat(HeaderValues.count(headers, "Origin")).isZero();
    }
}
