package dev.slipway.gateway.door;

import dev.slipway.gateway.wire.HeaderValues;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Refuses heads that two readers might understand differently (RFC 9112, sections 3.2, 6.1 and 11.2): what this gateway takes
 * for one request must be one request to the service behind it, on the path that was authorised.
 */
final class RequestHead {
    private static final Pattern PATH = Pattern.compile("/[!-~]*");
    private static final Pattern AMBIGUOUS =
            Pattern.compile("(/|%2f|^)(\\.|%2e){1,2}(/|%2f|;|$)|//|#|\\\\|%00|%5c", Pattern.CASE_INSENSITIVE);

    private RequestHead() {}

    /** Ends the request, and with it the connection, if its head is not beyond doubt. */
    static void check(HttpRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpHeaderException) {
            throw ProblemException.of(
                    HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-large", "The headers exceed 16 KB.");
        }
        if (cause instanceof TooLongHttpLineException) {
            throw ProblemException.of(HttpStatus.REQUEST_URI_TOO_LONG, "uri-too-long", "The request line is too long.");
        }
        if (cause != null) {
            throw malformed("The request is not valid HTTP/1.1.");
        }
        HttpVersion version = request.protocolVersion();
        boolean http10 = HttpVersion.HTTP_1_0.equals(version);
        if (!http10 && !HttpVersion.HTTP_1_1.equals(version)) {
            throw malformed("Only HTTP/1.1 and HTTP/1.0 are spoken here.");
        }
        int hosts = HeaderValues.count(request.headers(), HttpHeaderNames.HOST);
        if (hosts > 1 || (hosts == 0 && !http10)) {
            throw malformed("Host: " + hosts + " of them (expected: one)");
        }
        // A line that continues the one before comes out as a Host with blanks in it.
        String host = request.headers().get(HttpHeaderNames.HOST, "");
        if (host.indexOf(' ') >= 0 || host.indexOf('\t') >= 0 || host.indexOf(',') >= 0) {
            throw malformed("Host: not one host");
        }
        checkFraming(request, http10);
        String path = path(request.uri());
        if (!isPlain(path)
                && (!PATH.matcher(path).matches() || AMBIGUOUS.matcher(path).find())) {
            throw malformed(
                    "The path must begin with a slash and hold no empty or dot segment, no backslash and no #.");
        }
    }

    /** Whether there is nothing in a path that would need a second look; most are so, and this costs the least. */
    private static boolean isPlain(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return false;
        }
        for (int i = 1; i < path.length(); i++) {
            char next = path.charAt(i);
            boolean begins = path.charAt(i - 1) == '/';
            if (next < '!'
                    || next > '~'
                    || next == '%'
                    || next == '#'
                    || next == '\\'
                    || (begins && (next == '/' || next == '.'))) {
                return false;
            }
        }
        return true;
    }

    /** The path of a request target, without its query. */
    static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static void checkFraming(HttpRequest request, boolean http10) {
        List<String> coding = HeaderValues.all(request.headers(), HttpHeaderNames.TRANSFER_ENCODING);
        List<String> length = HeaderValues.all(request.headers(), HttpHeaderNames.CONTENT_LENGTH);
        if (!coding.isEmpty()) {
            boolean chunked = coding.size() == 1 && coding.getFirst().equalsIgnoreCase("chunked");
            if (!chunked || !length.isEmpty() || http10) {
                throw malformed("Transfer-Encoding: only chunked, once, without Content-Length, in HTTP/1.1");
            }
        }
        if (length.size() > 1 || (length.size() == 1 && !length.getFirst().matches("\\d{1,18}"))) {
            throw malformed("Content-Length: not one number of bytes");
        }
    }

    private static ProblemException malformed(String detail) {
        return ProblemException.of(HttpStatus.BAD_REQUEST, "malformed-request", detail);
    }
}
