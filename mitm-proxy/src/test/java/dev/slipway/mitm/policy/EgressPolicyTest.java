package dev.slipway.mitm.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.MalformedHost;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the patterns of an allowlist mean. */
@NullMarked
class EgressPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "example.com,example.com:443,true",
        "example.com,EXAMPLE.com.:443,true",
        "example.com,a.example.com:443,false",
        "example.com,evil-example.com:443,false",
        "example.com,example.com.evil.tld:443,false",
        "example.com,example.com:22,true",
        "example.com:443,example.com:22,false",
        "example.com:443,example.com:443,true",
        "*.example.com,a.example.com:443,true",
        "*.example.com,a.b.example.com:443,true",
        "*.example.com,example.com:443,false",
        "*.example.com,evil-example.com:443,false",
        "*.example.com,.example.com.evil.tld:443,false",
        "api.*,api.example.com:443,true",
        "api.*,xapi.example.com:443,false",
        "*,anything.example:443,true",
        "*,1.1.1.1:443,false",
        "1.1.1.1,1.1.1.1:443,true",
        "1.1.1.0/24,1.1.1.9:443,true",
        "1.1.1.0/24,1.1.2.9:443,false",
        "1.1.1.1:22,1.1.1.1:22,true",
        "1.1.1.1:22,1.1.1.1:23,false",
        "2606:4700::/32,[2606:4700::1]:443,true",
        "[2606:4700::1],[2606:4700::1]:443,true",
        "[2606:4700::1]:22,[2606:4700::1]:22,true",
        "2606:4700::/32,[2607::1]:443,false"
    })
    void aPatternMeansWhatItSays(String pattern, String target, boolean allowed) {
        EgressPolicy policy = new EgressPolicy(List.of(new EgressPolicy.Rule("r", HostPattern.parse(pattern))));

        boolean decided;
        try {
            decided = policy.decide(HostPort.parse(target, 0)) instanceof Decision.Allowed;
        } catch (MalformedHost unreadable) {
            decided = false;
        }

        assertThat(decided).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a.*.b",
                "**",
                "*x.com",
                "*.*",
                "*.",
                "http://a.com",
                "a.com/x",
                "a.com:x",
                "10.0.0.0/33",
                "a b"
            })
    void aPatternThatIsNoneIsRefused(String pattern) {
        assertThatThrownBy(() -> HostPattern.parse(pattern)).isInstanceOf(MalformedHost.class);
    }

    @Test
    void anEmptyPolicyMeansNothing() {
        assertThat(new EgressPolicy(List.of()).decide(HostPort.parse("example.com:443", 0)))
                .isInstanceOf(Decision.Refused.class);
    }

    @Test
    void onlyARuleWithAPortLetsRawBytesPass() {
        EgressPolicy policy = new EgressPolicy(List.of(
                new EgressPolicy.Rule("wide", HostPattern.parse("*.example.com")),
                new EgressPolicy.Rule("ssh", HostPattern.parse("git.example.com:22"))));

        assertThat(policy.decide(HostPort.parse("git.example.com:22", 0))).isEqualTo(new Decision.Allowed("ssh", true));
        assertThat(policy.decide(HostPort.parse("git.example.com:443", 0)))
                .isEqualTo(new Decision.Allowed("wide", false));
    }

    @Test
    void eachAgentBeginsWithItsProviderAndTheGitHosts() {
        EgressPolicy policy = new EgressPolicy(StarterGroups.of("claude-code").toList());

        assertThat(policy.decide(HostPort.parse("api.anthropic.com:443", 0)))
                .isEqualTo(new Decision.Allowed("group:anthropic", false));
        assertThat(policy.decide(HostPort.parse("github.com:443", 0)))
                .isEqualTo(new Decision.Allowed("group:git", false));
        assertThat(policy.decide(HostPort.parse("api.openai.com:443", 0))).isInstanceOf(Decision.Refused.class);
    }
}
