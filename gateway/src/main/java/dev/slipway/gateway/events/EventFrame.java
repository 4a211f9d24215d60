package dev.slipway.gateway.events;

/**
 * An event as it goes to clients, written once for all of them.
 *
 * @param type its public name, for example {@code session_updated}
 * @param bytes the whole SSE frame; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared and never changed
record EventFrame(String projectId, String type, int partition, long offset, byte[] bytes) {}
