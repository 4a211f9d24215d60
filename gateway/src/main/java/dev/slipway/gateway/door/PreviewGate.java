package dev.slipway.gateway.door;

import dev.slipway.gateway.door.Destination.Preview;
import dev.slipway.gateway.door.Destination.ProjectOf.OnlyOfSession;
import dev.slipway.gateway.proxy.Target;
import dev.slipway.gateway.proxy.Target.Flow;
import dev.slipway.kit.problem.ProblemException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may see what runs in a sandbox, and on which origin. */
@Singleton
class PreviewGate {
    private final Authoriser authoriser;
    private final PreviewTickets tickets;
    private final RoutingSettings settings;
    private final @Nullable String apart;

    PreviewGate(Authoriser authoriser, PreviewTickets tickets, RoutingSettings settings) {
        this.authoriser = authoriser;
        this.tickets = tickets;
        this.settings = settings;
        this.apart = settings.previewHost().orElse(null);
    }

    /** Whether a request came to the origin that is for previews alone. */
    boolean isApart(Knock knock) {
        return apart != null && apart.equals(knock.one("Host").orElse("").toLowerCase(Locale.ROOT));
    }

    /** What the answer is marked as. */
    EdgeHeaders.Kind kind(Knock knock, Preview preview) {
        if (isApart(knock)) {
            return EdgeHeaders.Kind.PREVIEW_APART;
        }
        return preview.ticket() == null ? EdgeHeaders.Kind.PREVIEW : EdgeHeaders.Kind.PREVIEW_BY_TICKET;
    }

    /** Lets a visitor in, by a ticket or a login. Blocks. */
    Admission admit(Knock knock, Preview preview) {
        if (preview.ticket() != null) {
            return tickets.admit(preview);
        }
        if (isApart(knock)) {
            throw ProblemException.notFound("page");
        }
        return authoriser.admit(knock, new OnlyOfSession(preview.sessionId()));
    }

    /** Where a browser that opens a preview as a page is sent on to; empty for anything else. */
    Optional<FullHttpResponse> redirect(Knock knock, Preview preview, Admission admission) {
        boolean opened = preview.ticket() == null
                && knock.method().equals("GET")
                && knock.one("Sec-Fetch-Mode").filter("navigate"::equals).isPresent();
        if (!opened) {
            return Optional.empty();
        }
        String rest = preview.rest().startsWith("/") ? preview.rest() : "/" + preview.rest();
        String ticket = tickets.issue(admission.user().id(), preview);
        FullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.FOUND, Unpooled.EMPTY_BUFFER);
        answer.headers()
                .set(
                        HttpHeaderNames.LOCATION,
                        settings.previewOrigin() + "/preview/" + preview.sessionId() + "/" + preview.port() + "~"
                                + ticket + rest)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
        return Optional.of(answer);
    }

    /** Where the request goes. */
    Target target(Preview preview, Routes.Way way, String path) {
        String below = RequestHead.path(preview.rest());
        String prefix = path.substring(0, path.length() - below.length());
        String rest = preview.rest().startsWith("/") ? preview.rest() : "/" + preview.rest();
        return new Target(
                RouteTable.CONTAINER,
                way.address(),
                way.base() + "preview/" + preview.sessionId() + "/" + preview.port() + rest,
                way.identity(),
                Flow.PREVIEW,
                prefix,
                RouteTable.STREAM_BYTES_MAX,
                RouteTable.SOON);
    }
}
