package dev.slipway.mitm.authority;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/**
 * The authority that signs, its successor, and its predecessor. All that are there are to be trusted by sandboxes; one signs.
 *
 * <pre>announced, trusted only → after the overlap: signs → its successor signs: trusted for another overlap → gone</pre>
 *
 * <p>So a client that was started before a successor was announced has the whole overlap to be started again before it meets a certificate
 * of the new one. What is where is told by files alone ({@code ca}, {@code next}, {@code previous}; times are those in the certificates), each step is a
 * rename under a lock, and a step that a crash cut short is finished at the next look: replicas that share the folder agree.
 */
public final class Authorities {
    /** How old an authority may become, and how long two of them are trusted on each side of a change. */
    public record Schedule(Duration maxAge, Duration overlap) {
        /** No change by age. */
        public static final Schedule NEVER = new Schedule(Duration.ofDays(9 * 365), Duration.ofDays(7));

        /** No certificate outlives its authority: there is a year left when the last change by age is due. */
        public Schedule {
            if (overlap.isNegative() || maxAge.compareTo(overlap.multipliedBy(2)) < 0 || maxAge.toDays() > 9 * 365) {
                throw new IllegalArgumentException("authority: max age " + maxAge + ", overlap " + overlap
                        + " (expected: a max age of at most nine years and at least two overlaps)");
            }
        }
    }

    /** There is a successor already. */
    public static final class ChangeUnderWay extends RuntimeException {
        private static final long serialVersionUID = 1;

        ChangeUnderWay(Instant signsFrom) {
            super("a new authority is announced and signs from " + signsFrom + " on", null, false, false);
        }
    }

    /**
     * What there is at the moment.
     *
     * @param next trusted already; signs from {@code nextSignsFrom} on
     * @param previous signs no more; trusted until {@code previousUntil}
     */
    public record State(
            CertificateAuthority signing,
            Optional<X509Certificate> next,
            Optional<Instant> nextSignsFrom,
            Optional<X509Certificate> previous,
            Optional<Instant> previousUntil) {}

    private static final Object LOCK = new Object();

    private final Path folder;
    private final Clock clock;
    private final Schedule schedule;
    private @Nullable CertificateAuthority known;
    private volatile State state;

    private Authorities(Path folder, Clock clock, Schedule schedule) {
        this.folder = folder;
        this.clock = clock;
        this.schedule = schedule;
        this.state = locked(this::look);
    }

    /**
     * Reads what is in the folder, or makes the first authority there. Two processes that start at once agree on one.
     *
     * @throws UncheckedIOException if the folder cannot be used, or holds half an authority
     */
    public static Authorities in(Path folder, Clock clock, Schedule schedule) {
        return new Authorities(folder, clock, schedule);
    }

    /** The one whose certificates are shown now. */
    public CertificateAuthority signing() {
        return state.signing;
    }

    /** What there is. */
    public State state() {
        return state;
    }

    /** All that are to be trusted, as PEM text, the signing one first. */
    public String trustedPem() {
        State now = state;
        return Stream.concat(
                        Stream.of(now.signing.certificate()), Stream.concat(now.next.stream(), now.previous.stream()))
                .distinct()
                .map(Pem::of)
                .collect(Collectors.joining());
    }

    /** Takes the steps that are due, also those that another replica took. */
    public void keep() {
        state = locked(this::look);
    }

    /**
     * Announces a successor: trusted from now on, signing after the overlap.
     *
     * @throws ChangeUnderWay if there is one
     */
    public void announce() {
        state = locked(() -> {
            State present = look();
            if (present.nextSignsFrom.isPresent()) {
                throw new ChangeUnderWay(present.nextSignsFrom.get());
            }
            makeNext();
            return read();
        });
    }

    /** Replaces the authority now and trusts the old one no more: for a key that others may know. Clients must be started again. */
    public void replaceAtOnce() {
        state = locked(() -> {
            look();
            Files.deleteIfExists(file("next.pem"));
            makeNext();
            change();
            Files.deleteIfExists(file("previous.pem"));
            return read();
        });
    }

    private State look() throws IOException, GeneralSecurityException, OperatorCreationException {
        if (!Files.exists(file("ca.pem"))) {
            CertificateAuthority.make(file("ca.key"), file("ca.pem"), clock.instant());
        }
        finishChange();
        State present = read();
        if (present.nextSignsFrom.filter(this::isDue).isPresent()) {
            change();
            present = read();
        } else if (present.next.isEmpty() && isDue(present.signing.madeAt().plus(schedule.maxAge))) {
            makeNext();
            present = read();
        }
        if (present.previousUntil.filter(this::isDue).isPresent()) {
            Files.deleteIfExists(file("previous.pem"));
            present = read();
        }
        return present;
    }

    private boolean isDue(Instant when) {
        return !when.isAfter(clock.instant());
    }

    private void makeNext() throws IOException, GeneralSecurityException, OperatorCreationException {
        CertificateAuthority.make(file("next.key"), file("next.pem"), clock.instant());
    }

    /** In this order: the key goes before its certificate, by which a change that was cut short is known. */
    private void change() throws IOException {
        PrivateFiles.write(file("previous.pem"), Files.readString(file("ca.pem")), "rw-r--r--");
        Files.move(file("next.key"), file("ca.key"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(file("next.pem"), file("ca.pem"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void finishChange() throws IOException {
        if (Files.exists(file("next.pem")) && !Files.exists(file("next.key"))) {
            Files.move(file("next.pem"), file("ca.pem"), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private State read() throws IOException, GeneralSecurityException {
        CertificateAuthority signing = CertificateAuthority.read(file("ca.key"), file("ca.pem"));
        if (known != null && known.certificate().equals(signing.certificate())) {
            // The same object, by which the leaves know that nothing has changed.
            signing = known;
        }
        known = signing;
        Optional<X509Certificate> next = certificate("next.pem");
        Optional<X509Certificate> previous = certificate("previous.pem");
        Instant changed = signing.madeAt().plus(schedule.overlap);
        return new State(
                signing,
                next,
                next.map(announced -> announced
                        .getNotBefore()
                        .toInstant()
                        .plus(CertificateAuthority.CLOCKS_MAY_DIFFER)
                        .plus(schedule.overlap)),
                previous,
                previous.map(_ -> changed.plus(schedule.overlap)));
    }

    private Optional<X509Certificate> certificate(String name) throws IOException, GeneralSecurityException {
        return Files.exists(file(name)) ? Optional.of(Pem.certificate(Files.readString(file(name)))) : Optional.empty();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    @FunctionalInterface
    private interface Step {
        State take() throws IOException, GeneralSecurityException, OperatorCreationException;
    }

    private State locked(Step step) {
        try {
            PrivateFiles.directory(folder);
            // A file's lock is the process's: threads of one process need their own.
            synchronized (LOCK) {
                try (FileChannel channel =
                                FileChannel.open(file("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var _ = channel.lock()) {
                    return step.take();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("certificate authority in " + folder + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("certificate authority in " + folder + ": " + e.getMessage(), e);
        }
    }
}
