package dev.slipway.gateway.wire;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.List;

/** Reads headers without a list for those, nearly all, that are there once or not at all. */
public final class HeaderValues {
    private HeaderValues() {}

    /** All values of a header, in their order. */
    public static List<String> all(HttpHeaders headers, CharSequence name) {
        if (!headers.contains(name)) {
            return List.of();
        }
        Iterator<String> values = headers.valueStringIterator(name);
        String first = values.next();
        return values.hasNext() ? headers.getAll(name) : List.of(first);
    }

    /** How many values a header has. */
    public static int count(HttpHeaders headers, CharSequence name) {
        if (!headers.contains(name)) {
            return 0;
        }
        int count = 0;
        for (Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name); values.hasNext(); ) {
            values.next();
            count++;
        }
        return count;
    }
}
