package dev.slipway.mitm.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Turns hosts into addresses that may be dialled. The proxy resolves, never the sandbox; one refused address among the answers refuses
 * the whole name, since a client could not be told which one would be taken.
 */
public final class Resolver {
    /** Asks the network for a name's addresses; blocking. */
    @FunctionalInterface
    public interface Lookup {
        /** All addresses of a name, at least one. */
        List<InetAddress> addressesOf(String name) throws UnknownHostException;
    }

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration REMEMBERED = Duration.ofSeconds(20);
    private static final int NAMES_MAX = 4_096;

    private record Answer(List<InetAddress> addresses, long validUntilNanos) {}

    private final AddressGuard guard;
    private final Lookup lookup;
    private final ExecutorService waiting;
    private final Map<String, Answer> answers = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > NAMES_MAX;
        }
    };

    /** A resolver that asks by {@code lookup}, on threads of {@code waiting} that may block. */
    public Resolver(AddressGuard guard, Lookup lookup, ExecutorService waiting) {
        this.guard = guard;
        this.lookup = lookup;
        this.waiting = waiting;
    }

    /** The machine's own resolver. */
    public static Lookup system() {
        return name -> List.of(InetAddress.getAllByName(name));
    }

    /**
     * The host's addresses, each checked; completes within 5 s, with {@link RefusedAddress} if one may not be reached and with
     * {@link UnknownHostException} if there is none.
     */
    public CompletableFuture<List<InetAddress>> resolve(HostName host) {
        Optional<List<InetAddress>> known = remembered(host);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.get());
        }
        return CompletableFuture.supplyAsync(() -> checked(host), waiting)
                .orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Optional<List<InetAddress>> remembered(HostName host) {
        synchronized (answers) {
            Answer answer = answers.get(host.text());
            return answer != null && answer.validUntilNanos - System.nanoTime() > 0
                    ? Optional.of(answer.addresses)
                    : Optional.empty();
        }
    }

    private List<InetAddress> checked(HostName host) {
        List<InetAddress> addresses = host.literal().map(List::of).orElseGet(() -> lookUp(host.text()));
        for (InetAddress address : addresses) {
            guard.refusal(address).ifPresent(reason -> {
                throw new RefusedAddress(host + " is " + reason);
            });
        }
        synchronized (answers) {
            answers.put(host.text(), new Answer(addresses, System.nanoTime() + REMEMBERED.toNanos()));
        }
        return addresses;
    }

    private List<InetAddress> lookUp(String name) {
        try {
            return lookup.addressesOf(name);
        } catch (UnknownHostException unknown) {
            throw new UnknownName(name + ": no such host");
        }
    }

    /** The host exists, but an address of it is out of a sandbox's reach. */
    public static final class RefusedAddress extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedAddress(String message) {
            super(message);
        }
    }

    /** The name has no address. */
    public static final class UnknownName extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnknownName(String message) {
            super(message);
        }
    }
}
