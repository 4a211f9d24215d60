package dev.slipway.gateway.door;

import dev.slipway.gateway.proxy.Target;
import dev.slipway.gateway.wire.SignedIdentity;
import dev.slipway.kit.http.ServiceAddress;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the services are, and in whose name they are asked. */
@Singleton
class Routes {
    /** Half of what an identity is good for, so that none expires on its way. */
    private static final Duration IDENTITY_KEPT = IdentityTokens.LIFETIME.dividedBy(2);

    private static final int IDENTITIES_MAX = 10_000;

    private final Map<String, URI> addresses;
    private final IdentityTokens tokens;
    private final Recent<Signed, SignedIdentity> identities = new Recent<>(IDENTITY_KEPT, IDENTITIES_MAX);

    private record Signed(Caller caller, String audience) {}

    /**
     * The way to a service.
     *
     * @param base the path of the project there, with a slash at its end
     * @param identity the signed identity of the caller
     */
    record Way(URI address, String base, SignedIdentity identity) {}

    Routes(List<ServiceAddress> addresses, IdentityTokens tokens) {
        this.addresses = addresses.stream().collect(Collectors.toMap(ServiceAddress::name, ServiceAddress::url));
        this.tokens = tokens;
    }

    /** The way of somebody who was let in; 502 if there is no such service here. */
    Way to(String service, Admission admission) {
        URI address = addresses.get(service);
        if (address == null) {
            throw ProblemException.of(
                    HttpStatus.BAD_GATEWAY, "bad-gateway", service + " is not part of this installation.");
        }
        return new Way(
                address,
                "/internal/projects/" + admission.project() + "/",
                identity(admission.caller(tokens.service()), service));
    }

    Target target(Destination.Service service, Admission admission) {
        Way way = to(service.name(), admission);
        return new Target(
                service.name(),
                way.address(),
                way.base() + service.rest(),
                way.identity(),
                service.flow(),
                "",
                service.bodyBytesMax(),
                service.answerWithin());
    }

    private SignedIdentity identity(Caller caller, String service) {
        Signed key = new Signed(caller, service);
        SignedIdentity known = identities.get(key);
        if (known == null) {
            known = SignedIdentity.of(tokens.sign(caller, service));
            identities.put(key, known);
        }
        return known;
    }
}
