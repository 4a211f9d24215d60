package dev.slipway.gateway.door;

import dev.slipway.gateway.wire.Exchange;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request in hand; without an exchange it is the framework's. */
final class Turn {
    final String requestId;
    final String method;
    final String path;
    final String query;
    final long beganNanos = System.nanoTime();

    @Nullable
    Exchange exchange;

    EdgeHeaders.Kind kind = EdgeHeaders.Kind.API;
    Optional<String> sharedWith = Optional.empty();

    @Nullable
    Admission admission;

    /** Until it is noted in the audit log; null for what does not belong there. */
    @Nullable
    Knock knock;

    int status;
    boolean keepAlive;
    boolean requestDone;
    boolean answerDone;
    boolean informational;

    Turn(HttpRequest request, String requestId) {
        this.requestId = requestId;
        this.method = request.method().name();
        String uri = request.uri();
        int mark = uri.indexOf('?');
        this.path = mark < 0 ? uri : uri.substring(0, mark);
        this.query = mark < 0 ? "" : uri.substring(mark + 1);
        this.keepAlive = HttpUtil.isKeepAlive(request);
    }

    boolean isSafe() {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }
}
