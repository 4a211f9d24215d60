package dev.slipway.mitm.settings;

import dev.slipway.mitm.wire.Transport;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The operator's settings, {@code slipway.egress.*}. Lists are separated by commas; empty means none.
 *
 * @param upstreams {@code host=url}: where a host's traffic goes instead (SLIPWAY_UPSTREAMS)
 * @param trustedCaFile more roots for upstream servers, PEM (SLIPWAY_TRUSTED_CA_FILE)
 * @param privateNetworks address blocks inside the operator's own network that sandboxes may reach where a rule allows the host
 * @param allow host patterns that every session may reach
 * @param passThrough host patterns whose TLS is tunnelled untouched (SLIPWAY_EGRESS_PASS_THROUGH)
 * @param configFile the operator's configuration, watched; blank means {@code proxy/config.yaml} in the home folder
 * @param cacheBytes how much of what never changes is kept on disk, in {@code proxy/cache} of the home folder; 0 keeps nothing
 * @param drain how long answers under way may take once the process is asked to end
 * @param pricesFile prices of models that beat the built-in ones, in the form of {@code prices.yaml} (SLIPWAY_PRICES_FILE)
 * @param eventLoops threads of the data path; 0 means as many as there are processors
 * @param transport {@code epoll}, {@code io_uring} or {@code nio}; where the machine lacks it, the next best is taken
 * @param logCapacity records that may wait to be stored before new ones are dropped
 * @param logRetention how long stored records are kept
 * @param authorityMaxAge the age at which an authority gets a successor; at most nine of its ten years
 * @param authorityOverlap how long a successor is trusted before it signs, and the one before it afterwards
 * @param memoryBytes what connections and bodies on their way may take in memory; what would take more is answered 503. 0 means three
 *     quarters of the memory outside of the heap that the JVM may take, at most 512 MB
 */
@ConfigurationProperties("slipway.egress")
public record EgressSettings(
        @Bindable(defaultValue = "") String upstreams,
        @Bindable(defaultValue = "") String trustedCaFile,
        @Bindable(defaultValue = "") String privateNetworks,
        @Bindable(defaultValue = "") String allow,
        @Bindable(defaultValue = "") String passThrough,
        @Bindable(defaultValue = "") String configFile,
        @Bindable(defaultValue = "20000000000") long cacheBytes,
        @Bindable(defaultValue = "5s") Duration drain,
        @Bindable(defaultValue = "") String pricesFile,
        @Bindable(defaultValue = "0") int eventLoops,
        @Bindable(defaultValue = "epoll") String transport,
        @Bindable(defaultValue = "20000") int logCapacity,
        @Bindable(defaultValue = "30d") Duration logRetention,
        @Bindable(defaultValue = "365d") Duration authorityMaxAge,
        @Bindable(defaultValue = "7d") Duration authorityOverlap,
        @Bindable(defaultValue = "0") long memoryBytes) {
    private static final long MEMORY_MIN = 16_000_000;
    private static final long MEMORY_MAX_UNLESS_SET = 512 << 20;

    public EgressSettings {
        if (eventLoops < 0 || cacheBytes < 0 || logCapacity < 1 || logRetention.isNegative()) {
            throw new IllegalArgumentException("slipway.egress: eventLoops " + eventLoops + ", logCapacity "
                    + logCapacity + ", logRetention " + logRetention + " (expected: >= 0, >= 1, >= 0)");
        }
        if (memoryBytes != 0 && memoryBytes < MEMORY_MIN) {
            throw new IllegalArgumentException(
                    "slipway.egress.memory-bytes: " + memoryBytes + " (expected: 0, or >= " + MEMORY_MIN + ")");
        }
    }

    Optional<Path> trustedCa() {
        return file(trustedCaFile);
    }

    /** Host patterns whose TLS is not intercepted. */
    public List<String> passedThrough() {
        return split(passThrough).toList();
    }

    /** Where the operator's configuration is, if not in the home folder. */
    public Optional<Path> configuration() {
        return file(configFile);
    }

    Optional<Path> prices() {
        return file(pricesFile);
    }

    private static Optional<Path> file(String path) {
        return path.isBlank() ? Optional.empty() : Optional.of(Path.of(path.strip()));
    }

    Transport.Kind transportKind() {
        try {
            return Transport.Kind.valueOf(transport.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "slipway.egress.transport: " + transport + " (expected: epoll, io_uring, nio)", unknown);
        }
    }

    /** What the data path may hold, given what the JVM may take outside of its heap. */
    long memory(long directMax) {
        return memoryBytes > 0 ? memoryBytes : Math.clamp(directMax / 4 * 3, MEMORY_MIN, MEMORY_MAX_UNLESS_SET);
    }

    int loops() {
        return eventLoops > 0 ? eventLoops : Runtime.getRuntime().availableProcessors();
    }

    /** The patterns that every session may reach. */
    public List<String> allowed() {
        return split(allow).toList();
    }

    static Stream<String> split(String list) {
        return Stream.of(list.split(",", -1)).map(String::strip).filter(entry -> !entry.isEmpty());
    }
}
