package dev.slipway.credential.vault;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * A key of the transit engine of HashiCorp Vault, or of OpenBao, which speaks the same.
 *
 * @param address where it is, for example {@code https://vault.example.com:8200}; empty for none
 * @param token what it lets us in by; a secret
 * @param tokenFile a file with the token, which wins and is read again for each call: Vault's agent renews it there
 * @param roleId the role of AppRole that it logs in with where there is neither token nor file; empty for none
 * @param secretId that role's secret
 * @param secretIdFile a file with that secret, which wins and is read again for each login
 * @param approleMount where AppRole is mounted
 * @param namespace of Vault Enterprise; empty for none
 * @param mount where the engine is mounted
 * @param key the name of a key of type {@code aes256-gcm96}
 * @param caFile PEM file of the authority that its certificate is from; empty for the platform's
 * @param deadline for one call
 */
@ConfigurationProperties("slipway.credential.vault-transit")
record TransitSettings(
        @Bindable(defaultValue = "") String address,
        @Bindable(defaultValue = "") String token,
        @Bindable(defaultValue = "") String tokenFile,
        @Bindable(defaultValue = "") String roleId,
        @Bindable(defaultValue = "") String secretId,
        @Bindable(defaultValue = "") String secretIdFile,
        @Bindable(defaultValue = "approle") String approleMount,
        @Bindable(defaultValue = "") String namespace,
        @Bindable(defaultValue = "transit") String mount,
        @Bindable(defaultValue = "slipway") String key,
        @Bindable(defaultValue = "") String caFile,
        @Bindable(defaultValue = "5s") Duration deadline) {
    boolean isConfigured() {
        return !address.isBlank();
    }

    @Override
    public String toString() {
        return "TransitSettings[address=" + address + ", mount=" + mount + ", key=" + key + ", hidden]";
    }
}
