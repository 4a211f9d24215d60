package dev.slipway.mitm.config;

import dev.slipway.mitm.settings.EgressSettings;
import dev.slipway.mitm.wire.OperatorTerms;
import dev.slipway.mitm.wire.UpstreamMap;
import io.micronaut.context.annotation.Value;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's configuration in force, and its file ({@code slipway.egress.config-file}, by default {@code proxy/config.yaml} in the
 * home folder). The file is looked at every two seconds, which also sees the links that Kubernetes swaps.
 */
@Singleton
public class ConfigStore {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigStore.class);

    private final Path file;
    private final UpstreamMap settingsUpstreams;
    private final List<String> settingsPassThrough;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile ProxyConfig config = ProxyConfig.EMPTY;
    private volatile OperatorTerms terms;
    private volatile @Nullable String problem;
    private String seen = "";

    /** Reads the file; a process with a malformed one does not start. */
    ConfigStore(EgressSettings settings, @Value("${slipway.home}") Path home) {
        this.file = settings.configuration().orElse(home.resolve("proxy").resolve("config.yaml"));
        this.settingsUpstreams = upstreams(settings.upstreams());
        this.settingsPassThrough = settings.passedThrough();
        this.terms = config.terms(settingsUpstreams, settingsPassThrough);
        String text = text();
        if (!text.isEmpty()) {
            try {
                apply(ProxyConfig.parse(text));
                seen = text;
            } catch (MalformedConfig malformed) {
                throw new IllegalStateException(file + ": " + malformed.getMessage(), malformed);
            }
        }
    }

    private static UpstreamMap upstreams(String setting) {
        try {
            return UpstreamMap.parse(setting);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("slipway.egress.upstreams (SLIPWAY_UPSTREAMS): " + e.getMessage(), e);
        }
    }

    /** What holds now. */
    public ProxyConfig config() {
        return config;
    }

    /** What the data path is to know of it. */
    public OperatorTerms terms() {
        return terms;
    }

    /** Runs {@code listener} after each change. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    Path file() {
        return file;
    }

    /** What is wrong with the file as it is now, if it is not the one in force. */
    @Nullable
    String problem() {
        return problem;
    }

    /**
     * Puts a configuration in force and writes it to the file.
     *
     * @throws MalformedConfig if it makes no sense; then nothing changed
     */
    synchronized void replace(String text) {
        ProxyConfig wanted = ProxyConfig.parse(text);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path partial = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(partial, text);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
        seen = text;
        problem = null;
        apply(wanted);
    }

    @Scheduled(fixedDelay = "2s", initialDelay = "2s")
    synchronized void look() {
        String text = text();
        if (text.equals(seen)) {
            return;
        }
        seen = text;
        try {
            apply(text.isEmpty() ? ProxyConfig.EMPTY : ProxyConfig.parse(text));
            problem = null;
            LOG.atInfo().addKeyValue("file", file).log("configuration read again");
        } catch (MalformedConfig malformed) {
            problem = malformed.getMessage();
            LOG.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("problem", problem)
                    .log("configuration refused; the old one stays");
        }
    }

    private void apply(ProxyConfig wanted) {
        terms = wanted.terms(settingsUpstreams, settingsPassThrough);
        config = wanted;
        listeners.forEach(Runnable::run);
    }

    private String text() {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.getMessage())
                    .log("configuration unreadable");
            return seen;
        }
    }
}
