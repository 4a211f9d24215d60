package dev.slipway.agent.api;

import dev.slipway.agent.http.HttpRequest;
import dev.slipway.agent.http.HttpResponse;
import dev.slipway.agent.http.Problem;
import dev.slipway.agent.http.Router;
import dev.slipway.agent.journal.Journal;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** The journal, from any number on, to as many readers as want it. */
public final class JournalApi {
    /** Half of what is promised, so that a late one is still in time. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final Journal journal;

    public JournalApi(Journal journal) {
        this.journal = journal;
    }

    /** Adds its row to the table of paths. */
    public void addTo(Router router) {
        router.route("GET", "/journal", (request, _) -> read(request));
    }

    private HttpResponse read(HttpRequest request) {
        long after = number(request.parameter("after").orElse("0"));
        boolean follow = request.flag("follow");
        return new HttpResponse.Streamed(200, "application/x-ndjson", out -> {
            if (follow) {
                follow(after, out);
            } else {
                journal.copy(after, out);
            }
        });
    }

    private void follow(long after, OutputStream out) throws IOException, InterruptedException {
        long done = after;
        out.flush();
        while (!journal.isClosed() || journal.lastSeq() > done) {
            if (journal.await(done, HEARTBEAT)) {
                done = journal.copy(done, out);
            } else {
                out.write('\n');
            }
            out.flush();
        }
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw Problem.of(400, "after is not the number of an entry.");
        }
        return Long.parseLong(text);
    }
}
