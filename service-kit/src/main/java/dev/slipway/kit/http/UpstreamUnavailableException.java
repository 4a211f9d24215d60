package dev.slipway.kit.http;

/** Another service did not answer in time; whether it did what was asked is unknown. */
public final class UpstreamUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UpstreamUnavailableException(String service, Throwable cause) {
        super(service + " does not answer", cause);
    }
}
