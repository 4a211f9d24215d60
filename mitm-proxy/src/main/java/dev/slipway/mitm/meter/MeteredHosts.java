package dev.slipway.mitm.meter;

import dev.slipway.mitm.address.HostName;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which answers carry usage: those of the model providers' API hosts, in JSON or as server-sent events. */
public final class MeteredHosts {
    private static final Set<String> HOSTS = Set.of(
            "api.anthropic.com",
            "api.openai.com",
            "chatgpt.com",
            "generativelanguage.googleapis.com",
            "cloudcode-pa.googleapis.com",
            "openrouter.ai",
            "api.githubcopilot.com");

    private MeteredHosts() {}

    /** Whether answers of the host are looked at; then they are asked for without compression. */
    public static boolean contains(HostName host) {
        return HOSTS.contains(host.text());
    }

    /** A tap for this answer, if its body can be read. */
    public static Optional<UsageTap> tapFor(HostName host, HttpResponse response) {
        if (!contains(host) || response.headers().contains(HttpHeaderNames.CONTENT_ENCODING)) {
            return Optional.empty();
        }
        String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
        if (type.startsWith("text/event-stream")) {
            return Optional.of(UsageTap.ofEvents());
        }
        return type.startsWith("application/json") ? Optional.of(UsageTap.ofJson()) : Optional.empty();
    }
}
