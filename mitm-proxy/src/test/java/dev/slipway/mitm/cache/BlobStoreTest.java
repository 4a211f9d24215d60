package dev.slipway.mitm.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.mitm.address.MalformedHost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is stored is whole and what its digest says, whatever happens to the process. */
@NullMarked
class BlobStoreTest {
    private static final long BYTES_MAX = 10_000_000;

    @TempDir
    Path folder;

    @Test
    void aStoredBodyIsFoundAgainByAnotherProcess() throws Exception {
        byte[] body = body(1, 100_000);
        assertThat(store(new BlobStore(folder, BYTES_MAX, Runnable::run), body)).isTrue();

        assertThat(read(new BlobStore(folder, BYTES_MAX, Runnable::run), body)).isEqualTo(body);
    }

    @Test
    void aBodyThatIsNotItsDigestOrTooShortIsNeverStored() throws Exception {
        BlobStore store = new BlobStore(folder, BYTES_MAX, Runnable::run);
        byte[] body = body(2, 1_000);
        Fill wrong = Objects.requireNonNull(store.lead(wanted(body), () -> {}));
        wrong.begin(3, "x");
        wrong.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(wrong.finish()).isFalse();
        Fill left = Objects.requireNonNull(store.lead(wanted(body), () -> {}));
        left.begin(body.length, "x");
        left.write(ByteBuffer.wrap(body, 0, 10));
        left.abandon();

        assertThat(store.find(wanted(body))).isEmpty();
        assertThat(store.stats().rejected()).isEqualTo(1);
        assertThat(files("blobs")).isEmpty();
        assertThat(files("partial")).isEmpty();
    }

    @Test
    void theLeastRecentlyUsedGoFirst() throws Exception {
        BlobStore store = new BlobStore(folder, BYTES_MAX, Runnable::run);
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            bodies.add(body(10 + i, 3_000_000));
        }
        store(store, bodies.get(0));
        store(store, bodies.get(1));
        store(store, bodies.get(2));
        assertThat(read(store, bodies.get(0))).hasSize(3_000_000);

        store(store, bodies.get(3));

        assertThat(store.find(wanted(bodies.get(1)))).isEmpty();
        assertThat(read(store, bodies.get(0))).hasSize(3_000_000);
        assertThat(store.stats().bytes()).isLessThanOrEqualTo(BYTES_MAX);
        assertThat(store.stats().evicted()).isEqualTo(1);
        store.limit(java.util.OptionalLong.of(3_500_000));
        assertThat(store.stats().entries()).isEqualTo(1);
        store.limit(java.util.OptionalLong.empty());
        assertThat(store(store, body(9, 6_000_000))).isTrue();
        assertThat(store.find(wanted(body(9, 6_000_000)))).isEmpty();
        store.clear();
        assertThat(store.stats().entries()).isZero();
        assertThat(files("blobs")).isEmpty();
    }

    @Test
    void aLowerLimitIsKeptWhereTheDiskMayBeWaitedFor() throws Exception {
        Deque<Runnable> disk = new ArrayDeque<>();
        BlobStore store = new BlobStore(folder, BYTES_MAX, disk::add);
        store(store, body(20, 1_000));
        disk.remove().run();

        store.limit(OptionalLong.of(1));
        store.limit(OptionalLong.of(1));

        assertThat(files("blobs")).hasSize(1);
        disk.remove().run();
        assertThat(files("blobs")).isEmpty();
        assertThat(store.stats().entries()).isZero();
        assertThat(disk).isEmpty();
    }

    @Test
    void theOperatorMayMakeItSmallerAndNameMoreThatNeverChanges() {
        assertThat(CacheTerms.size("20GB")).contains(20_000_000_000L);
        assertThat(CacheTerms.size("1500")).contains(1_500L);
        assertThat(CacheTerms.size("20 parsecs")).isEmpty();
        CacheTerms terms = new CacheTerms(
                true, java.util.OptionalLong.of(1), List.of(CacheTerms.pattern("files.example.com/releases/*.bin")));
        assertThat(Cacheable.of(terms, "files.example.com", "files.example.com:443", "/releases/1/a.bin", ""))
                .isPresent();
        assertThat(Cacheable.of(terms, "other.example.com", "other.example.com:443", "/releases/1/a.bin", ""))
                .isEmpty();
        assertThat(Cacheable.of(terms, "files.example.com", "files.example.com:443", "/releases/1/a.bin?x", ""))
                .isEmpty();
    }

    @Test
    void aPatternsHostIsReadAsAnyOther() {
        CacheTerms terms = new CacheTerms(
                true, java.util.OptionalLong.empty(), List.of(CacheTerms.pattern("Files.Example.com/releases/*.bin")));

        assertThat(Cacheable.of(terms, "files.example.com", "files.example.com:443", "/releases/1/a.bin", ""))
                .isPresent();
        assertThatThrownBy(() -> CacheTerms.pattern("https://files.example.com/releases/*.bin"))
                .isInstanceOf(MalformedHost.class);
    }

    @Test
    void aFileThatWasCutIsNotServed() throws Exception {
        byte[] body = body(3, 1_000);
        store(new BlobStore(folder, BYTES_MAX, Runnable::run), body);
        try (var file = Files.newByteChannel(
                folder.resolve("blobs").resolve(wanted(body).key()), StandardOpenOption.WRITE)) {
            file.truncate(900);
        }

        assertThat(new BlobStore(folder, BYTES_MAX, Runnable::run).find(wanted(body)))
                .isEmpty();
    }

    /** Another process stores without end and is killed in the middle of it, three times. */
    @Test
    void aKilledProcessLeavesWholeBodiesAndNothingElse() throws Exception {
        for (int round = 0; round < 3; round++) {
            Process storing = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Storing.class.getName(),
                            folder.toString(),
                            Integer.toString(round))
                    .redirectErrorStream(true)
                    .start();
            assertThat(storing.getInputStream().read()).isEqualTo('!');
            Thread.sleep(150 + round * 70L);
            storing.destroyForcibly();
            assertThat(storing.waitFor(10, TimeUnit.SECONDS)).isTrue();

            BlobStore store = new BlobStore(folder, 500_000_000, Runnable::run);
            assertThat(files("partial")).isEmpty();
            int whole = 0;
            for (int i = 0; i < 2_000; i++) {
                byte[] body = body(round * 10_000 + i, 50_000);
                var found = store.find(wanted(body));
                if (found.isPresent()) {
                    found.get().close();
                    assertThat(read(store, body)).isEqualTo(body);
                    whole++;
                }
            }
            assertThat(whole).isPositive();
        }
    }

    /** The program that is killed. */
    static final class Storing {
        private Storing() {}

        public static void main(String[] arguments) throws IOException {
            BlobStore store = new BlobStore(Path.of(arguments[0]), 500_000_000, Runnable::run);
            for (int i = 0; i < 2_000; i++) {
                store(store, body(Integer.parseInt(arguments[1]) * 10_000 + i, 50_000));
                if (i == 3) {
                    System.out.print('!');
                    System.out.flush();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/library/debian/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000001,true",
        "/v2/a/b/c/manifests/sha256:0000000000000000000000000000000000000000000000000000000000000001,true",
        "/registry/docker/registry/v2/blobs/sha256/00/0000000000000000000000000000000000000000000000000000000000000001/data?sig=x,true",
        "/v2/library/debian/manifests/latest,false",
        "/v2/library/debian/blobs/sha256:00,false",
        "/left-pad/-/left-pad-1.3.0.tgz,true",
        "/@types/node/-/node-22.1.0.tgz,true",
        "/left-pad,false",
        "/maven2/org/x/lib/1.2.3/lib-1.2.3.jar,true",
        "/maven2/org/x/lib/1.2-SNAPSHOT/lib-1.2-SNAPSHOT.jar,false",
        "/maven2/org/x/lib/maven-metadata.xml,false",
        "/debian/pool/main/h/hello/hello_2.10-3_amd64.deb,true",
        "/debian/dists/stable/InRelease,false",
        "/packages/b7/ce/149a00dd41f10bc29e5921b496af8b574d8413afcd5e30dfa0ed46c2cc5e/six-1.17.0-py2.py3-none-any.whl,true",
        "/simple/six/,false"
    })
    void whatNeverChangesIsKnownByItsAddress(String target, boolean cacheable) {
        assertThat(Cacheable.of(CacheTerms.NONE, "host", "host:443", target, "").isPresent())
                .isEqualTo(cacheable);
    }

    private static boolean store(BlobStore store, byte[] body) {
        Fill fill = Objects.requireNonNull(store.lead(wanted(body), () -> {}));
        fill.begin(body.length, "application/octet-stream");
        for (int at = 0; at < body.length; at += 8_192) {
            fill.write(ByteBuffer.wrap(body, at, Math.min(8_192, body.length - at)));
        }
        return fill.finish();
    }

    private static byte[] read(BlobStore store, byte[] body) throws IOException {
        try (Blob blob = store.find(wanted(body)).orElseThrow()) {
            ByteBuffer into = ByteBuffer.allocate((int) blob.length());
            while (into.hasRemaining()) {
                blob.read(into, into.position());
            }
            return into.array();
        }
    }

    private static Cacheable wanted(byte[] body) {
        String digest = HexFormat.of().formatHex(Cacheable.newDigest().digest(body));
        return Cacheable.of(CacheTerms.NONE, "host", "host:443", "/v2/a/blobs/sha256:" + digest, "")
                .orElseThrow();
    }

    private static byte[] body(int seed, int length) {
        byte[] body = new byte[length];
        new Random(seed).nextBytes(body);
        return body;
    }

    private List<Path> files(String part) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(part))) {
            return files.toList();
        }
    }
}
