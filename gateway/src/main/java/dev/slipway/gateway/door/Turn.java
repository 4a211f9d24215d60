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

    /** Until it is noted in the audit log. */
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
        this.path = RequestHead.path(request.uri());
        int mark = request.uri().indexOf('?');
        this.query = mark < 0 ? "" : request.uri().substring(mark + 1);
        this.keepAlive = HttpUtil.isKeepAlive(request);
    }

    boolean isSafe() {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }
}
