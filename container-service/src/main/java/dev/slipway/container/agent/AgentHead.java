package dev.slipway.container.agent;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Status line and headers of an answer; names in lower case. */
record AgentHead(int status, Map<String, String> headers) {
    private static final int LINE_MAX = 8 * 1024;
    private static final int HEADERS_MAX = 100;

    /** Reads one, past any interim answers (RFC 9110, section 15.2). */
    static AgentHead read(InputStream in) throws IOException {
        while (true) {
            AgentHead head = readOne(in);
            if (head.status >= 200) {
                return head;
            }
            if (head.status == 101) {
                throw new IOException("status 101 (expected: an answer, no upgrade was asked for)");
            }
        }
    }

    /** The very next one, interim or not. */
    static AgentHead readOne(InputStream in) throws IOException {
        String statusLine = line(in);
        if (!statusLine.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
            throw new IOException("the agent does not speak HTTP");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || headers.size() >= HEADERS_MAX) {
                throw new IOException("the agent's answer has a malformed head");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, second) -> first + ", " + second);
        }
        return new AgentHead(Integer.parseInt(statusLine.substring(9, 12)), Collections.unmodifiableMap(headers));
    }

    /** A line without its end. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int read;
        while ((read = in.read()) != '\n') {
            if (read < 0) {
                throw new EOFException("the agent broke off");
            }
            if (line.length() >= LINE_MAX) {
                throw new IOException("the agent's answer has a line longer than " + LINE_MAX);
            }
            line.append((char) read);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }
}
