package dev.slipway.mitm.address;

import dev.slipway.kit.address.PublicInternet;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Says which addresses no sandbox may reach, whatever its allowlist says: all that are not on the {@linkplain PublicInternet public
 * internet}.
 *
 * @param exempt blocks that the operator opened, for mirrors inside a company's network; never the user's to set
 */
public record AddressGuard(List<Network> exempt) {
    public AddressGuard {
        exempt = List.copyOf(exempt);
    }

    /** Why the address is out of reach, or nothing if it may be dialled. */
    public Optional<String> refusal(InetAddress address) {
        return exempt.stream().anyMatch(block -> block.contains(address))
                ? Optional.empty()
                : PublicInternet.refusal(address);
    }
}
