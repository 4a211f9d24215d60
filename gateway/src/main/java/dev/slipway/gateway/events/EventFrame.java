package dev.slipway.gateway.events;

/**
 * An event as it goes to clients, written once for all of them.
 *
 * @param type its public name, for example {@code session_updated}
 * @param subject the id of what it is about
 * @param body the JSON that clients get as its data; never changed
 * @param sse the whole frame for viewers of nothing but the log; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared and never changed
record EventFrame(String projectId, String type, String subject, int partition, long offset, byte[] body, byte[] sse) {
    EventPosition position() {
        return new EventPosition(partition, offset);
    }
}
