package dev.slipway.credential.rules;

import dev.slipway.credential.store.RulesVersions;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer to a change goes out when the proxy has the new rules, so that whoever was answered can rely on it, also if this process
 * dies the next moment. It waits {@code slipway.rules.tell-patience} at most (half a second): the job of the change tells a proxy that
 * is away.
 */
@ServerFilter("/internal/projects/*/credentials/**")
final class TellBeforeAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(TellBeforeAnswer.class);
    private static final Pattern PROJECT = Pattern.compile("/internal/projects/([^/]+)/.*");

    private final RulesPush push;
    private final AnsweredRules answers;
    private final RulesVersions versions;
    private final Duration patience;

    TellBeforeAnswer(
            RulesPush push,
            AnsweredRules answers,
            RulesVersions versions,
            @Value("${slipway.rules.tell-patience:500ms}") Duration patience) {
        this.push = push;
        this.answers = answers;
        this.versions = versions;
        this.patience = patience;
    }

    @ExecuteOn(TaskExecutors.BLOCKING)
    @ResponseFilter
    void tell(HttpRequest<?> request, HttpResponse<?> response) throws InterruptedException {
        Matcher project = PROJECT.matcher(request.getPath());
        boolean changed = request.getMethod() != HttpMethod.GET && response.code() < 300;
        if (!changed || !project.matches()) {
            return;
        }
        String id = project.group(1);
        answers.changed(id);
        // Beside: what is told is computed first, and that may wait for a provider or a key service.
        Thread.ofVirtual().name("tell-before-answer").start(() -> tell(id)).join(patience);
    }

    private void tell(String id) {
        try {
            if (!push.hasTold(id, versions.state(id).version())) {
                push.tell(id, patience);
            }
        } catch (RuntimeException e) {
            LOG.atDebug().addKeyValue("reason", e.toString()).log("the proxy is told later");
        }
    }
}
