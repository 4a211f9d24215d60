package dev.slipway.devstack;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests of a rehearsal: enough to load the classes that a first page needs. */
final class Rehearsal {
    private static final int ANSWER_MILLISECONDS_MAX = 5000;
    private static final List<String> PATHS = List.of(
            "/health",
            "/api/status",
            "/api/projects",
            "/api/projects/local/workspaces",
            "/api/projects/local/sessions",
            "/api/projects/local/agents",
            "/api/projects/local/credentials");

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private Rehearsal() {}

    static void play(String url) throws IOException {
        for (String path : PATHS) {
            var connection = (HttpURLConnection) URI.create(url + path).toURL().openConnection();
            connection.setConnectTimeout(ANSWER_MILLISECONDS_MAX);
            connection.setReadTimeout(ANSWER_MILLISECONDS_MAX);
            try {
                // Whatever the answer is, the way to it has been gone.
                connection.getResponseCode();
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("a rehearsed request failed; the rest still trains");
            } finally {
                connection.disconnect();
            }
        }
    }
}
