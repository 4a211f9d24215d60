package dev.slipway.gateway.events;

import dev.slipway.kit.problem.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the log: the partition and the offset of an event in it. */
record EventPosition(int partition, long offset) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,4})-(\\d{1,18}|-1)");

    static EventPosition parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw ProblemException.invalid("after", "not an id of this stream (expected: the id of the last event)");
        }
        return new EventPosition(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    @Override
    public String toString() {
        return partition + "-" + offset;
    }
}
