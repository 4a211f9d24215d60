package dev.slipway.gateway.proxy;

import java.net.URI;

/**
 * Where a request goes.
 *
 * @param address scheme, host and port of the service
 * @param uri path and query there, encoded
 * @param identity the signed identity of the caller
 * @param preview whether a program in a sandbox answers
 */
public record Target(String service, URI address, String uri, String identity, boolean preview, long bodyBytesMax) {
    @Override
    public String toString() {
        return "Target[" + service + " " + uri + "]";
    }
}
