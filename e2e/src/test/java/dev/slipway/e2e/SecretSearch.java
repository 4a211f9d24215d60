package dev.slipway.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a secret by its first letters wherever bytes are: in files, in the memory of processes, in answers; plain, in UTF-16,
 * in hexadecimal and in Base64 of both alphabets, whatever stands before it. What it found is {@code place: text around}.
 */
final class SecretSearch {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int OVERLAP_BYTES = 512;
    private static final int PAGE_BYTES = 4096;

    private final List<byte[]> needles = new ArrayList<>();
    /** The needles by their first two bytes, so that however many there are, all is read once. */
    private final byte[] @Nullable [][] byBeginning = new byte[1 << 16][][];

    private final List<String> found = new ArrayList<>();
    private long searchedBytes;

    /** @param beginning with which all the secrets begin, and nothing else; at least seven letters */
    SecretSearch(String beginning) {
        also(beginning);
    }

    /** Looks for this one too from now on. */
    final void also(String secret) {
        byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
        add(plain);
        add(secret.getBytes(StandardCharsets.UTF_16LE));
        add(HexFormat.of().formatHex(plain).getBytes(StandardCharsets.US_ASCII));
        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            for (int before = 0; before < 3; before++) {
                add(base64(encoder, plain, before));
            }
        }
    }

    private void add(byte[] needle) {
        if (needles.stream().anyMatch(each -> Arrays.equals(each, needle))) {
            return;
        }
        needles.add(needle);
        int beginning = beginning(needle, 0);
        byte[][] others = byBeginning[beginning];
        byte[][] all = others == null ? new byte[1][] : Arrays.copyOf(others, others.length + 1);
        all[all.length - 1] = needle;
        byBeginning[beginning] = all;
    }

    private static int beginning(byte[] bytes, int at) {
        return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
    }

    /** The characters of Base64 that only {@code plain} decides when {@code before} bytes (mod 3) stand in front of it. */
    private static byte[] base64(Base64.Encoder encoder, byte[] plain, int before) {
        byte[] shifted = new byte[before + plain.length];
        System.arraycopy(plain, 0, shifted, before, plain.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        int from = before == 0 ? 0 : before + 1;
        int whole = shifted.length * 8 / 6;
        return encoded.substring(from, whole).getBytes(StandardCharsets.US_ASCII);
    }

    /** Everything found so far. */
    List<String> found() {
        return List.copyOf(found);
    }

    /** How many bytes were looked at: a search that looked at nothing finds nothing. */
    long searchedBytes() {
        return searchedBytes;
    }

    void text(String place, String text) {
        bytes(place, text.getBytes(StandardCharsets.UTF_8), 0, text.getBytes(StandardCharsets.UTF_8).length);
    }

    /** All regular files below, links not followed; what vanishes meanwhile is passed over. */
    void files(String place, Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .forEach(file -> file(place + " " + file, file));
        } catch (IOException | UncheckedIOException e) {
            throw new AssertionError("cannot look through " + folder, e);
        }
    }

    void file(String place, Path file) {
        byte[] chunk = new byte[CHUNK_BYTES];
        int kept = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(chunk, kept, chunk.length - kept);
                    read > 0;
                    read = in.read(chunk, kept, chunk.length - kept)) {
                int length = kept + read;
                bytes(place, chunk, 0, length);
                kept = Math.min(OVERLAP_BYTES, length);
                System.arraycopy(chunk, length - kept, chunk, 0, kept);
            }
        } catch (IOException _) {
            // Gone since it was listed, or not to be read (a socket).
        }
    }

    /** The whole writable memory of a process, its environment and its command line. Needs to be root. */
    void memory(String place, long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        file(place + " environ", process.resolve("environ"));
        file(place + " cmdline", process.resolve("cmdline"));
        try (RandomAccessFile memory =
                        new RandomAccessFile(process.resolve("mem").toFile(), "r");
                RandomAccessFile pages =
                        new RandomAccessFile(process.resolve("pagemap").toFile(), "r")) {
            for (String region : Files.readAllLines(process.resolve("maps"))) {
                String[] columns = region.split(" +", 6);
                if (columns[1].startsWith("rw")) {
                    String[] bounds = columns[0].split("-", 2);
                    region(
                            place + " memory",
                            memory,
                            pages,
                            Long.parseUnsignedLong(bounds[0], 16),
                            Long.parseUnsignedLong(bounds[1], 16));
                }
            }
        } catch (IOException _) {
            // The process has ended.
        }
    }

    /** Looks at the pages that exist: runtimes reserve address space by the gigabyte. See proc_pid_pagemap(5). */
    private void region(String place, RandomAccessFile memory, RandomAccessFile pages, long from, long end)
            throws IOException {
        byte[] entries = new byte[CHUNK_BYTES / PAGE_BYTES * Long.BYTES];
        byte[] chunk = new byte[CHUNK_BYTES];
        for (long at = from; at < end; at += CHUNK_BYTES) {
            int count = (int) (Math.min(CHUNK_BYTES, end - at) / PAGE_BYTES);
            pages.seek(at / PAGE_BYTES * Long.BYTES);
            if (pages.read(entries, 0, count * Long.BYTES) < count * Long.BYTES) {
                return;
            }
            int first = 0;
            while (first < count) {
                int last = first;
                while (last < count && isThere(entries, last)) {
                    last++;
                }
                if (last > first) {
                    int read = readAt(memory, at + (long) first * PAGE_BYTES, chunk, (last - first) * PAGE_BYTES);
                    bytes(place, chunk, 0, read);
                }
                first = last + 1;
            }
        }
    }

    /** Whether a page is present or swapped out: the two highest bits of its little-endian entry. */
    private static boolean isThere(byte[] entries, int page) {
        return (entries[page * Long.BYTES + 7] & 0xC0) != 0;
    }

    private static int readAt(RandomAccessFile memory, long at, byte[] chunk, int wanted) {
        try {
            memory.seek(at);
            return Math.max(0, memory.read(chunk, 0, wanted));
        } catch (IOException _) {
            return 0; // a guard page
        }
    }

    private void bytes(String place, byte[] bytes, int from, int to) {
        searchedBytes += to - from;
        Set<byte[]> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int at = from; at < to - 1; at++) {
            byte[][] candidates = byBeginning[beginning(bytes, at)];
            if (candidates != null) {
                for (byte[] needle : candidates) {
                    if (at + needle.length <= to
                            && Arrays.equals(bytes, at, at + needle.length, needle, 0, needle.length)
                            && seen.add(needle)) {
                        found.add(place + ": " + around(bytes, from, at, to));
                    }
                }
            }
        }
    }

    private static String around(byte[] bytes, int from, int at, int to) {
        String text = new String(
                Arrays.copyOfRange(bytes, Math.max(from, at - 40), Math.min(to, at + 60)), StandardCharsets.ISO_8859_1);
        return text.replaceAll("[^ -~]+", "·");
    }
}
