package dev.slipway.container.reconcile;

import java.util.HashMap;
import java.util.Map;

/**
 * What tells every program in a sandbox, those of terminals and hooks too, where the way out is and which authority to
 * trust there. Constant and without a secret: the relay listens on the loopback interface, the socket behind it is the
 * session's own.
 */
final class EgressEnvironment {
    private static final String RELAY = "http://127.0.0.1:17080";
    private static final String AUTHORITY = "/run/slipway/ca/ca.pem";
    private static final String BUNDLE = "/run/slipway/ca/bundle.pem";
    private static final String LOCAL = "localhost,127.0.0.1,::1";

    private EgressEnvironment() {}

    /** These variables below those that the session itself sets. */
    static Map<String, String> with(Map<String, String> own) {
        Map<String, String> environment = new HashMap<>();
        // Both spellings: curl and git read http_proxy in lower case only, others only the upper one.
        for (String name : new String[] {"http_proxy", "https_proxy", "all_proxy"}) {
            environment.put(name, RELAY);
            environment.put(name.toUpperCase(java.util.Locale.ROOT), RELAY);
        }
        environment.put("no_proxy", LOCAL);
        environment.put("NO_PROXY", LOCAL);
        environment.put("NODE_USE_ENV_PROXY", "1");
        environment.put("NODE_EXTRA_CA_CERTS", AUTHORITY);
        for (String name : new String[] {
            "SSL_CERT_FILE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CARGO_HTTP_CAINFO"
        }) {
            environment.put(name, BUNDLE);
        }
        environment.putAll(own);
        return environment;
    }
}
