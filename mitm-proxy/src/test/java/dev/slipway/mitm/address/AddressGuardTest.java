package dev.slipway.mitm.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses no name may lead a sandbox to. */
@NullMarked
class AddressGuardTest {
    private static final AddressGuard GUARD = new AddressGuard(List.of());

    /** Which those are is PublicInternet's to say; here that it is asked, and for literals in the forms that a client may send. */
    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254", "64:ff9b::7f00:1", "::7f00:1"
            })
    void anAddressThatIsNotOnThePublicInternetIsRefused(String address) throws Exception {
        assertThat(GUARD.refusal(address(address))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "2606:4700::1111"})
    void aPublicAddressMayBeDialled(String address) throws Exception {
        assertThat(GUARD.refusal(address(address))).isEmpty();
    }

    @Test
    void theOperatorMayOpenANetworkOfTheirOwn() throws Exception {
        AddressGuard opened = new AddressGuard(List.of(Network.parse("10.20.0.0/16")));

        assertThat(opened.refusal(address("10.20.1.1"))).isEmpty();
        assertThat(opened.refusal(address("10.21.1.1"))).isPresent();
    }

    @Test
    void oneBadAddressAmongTheAnswersRefusesTheName() throws Exception {
        var answer = List.of(address("1.1.1.1"), address("127.0.0.1"));
        try (var waiting = Executors.newVirtualThreadPerTaskExecutor()) {
            Resolver resolver = new Resolver(GUARD, _ -> answer, waiting);

            assertThatThrownBy(() -> resolver.resolve(HostName.parse("mixed.example.com"))
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(Resolver.RefusedAddress.class);
        }
    }

    @Test
    void aNameWhoseSecondAnswerDiffersGainsNothing() throws Exception {
        Deque<String> answers = new ArrayDeque<>(List.of("127.0.0.1", "1.1.1.1", "127.0.0.1"));
        try (var waiting = Executors.newVirtualThreadPerTaskExecutor()) {
            Resolver resolver = new Resolver(GUARD, _ -> List.of(address(answers.pop())), waiting);
            HostName host = HostName.parse("rebinding.example.com");

            assertThatThrownBy(() -> resolver.resolve(host).join()).hasCauseInstanceOf(Resolver.RefusedAddress.class);
            assertThat(resolver.resolve(host).join())
                    .extracting(InetAddress::getHostAddress)
                    .containsExactly("1.1.1.1");
            assertThat(resolver.resolve(host).join())
                    .extracting(InetAddress::getHostAddress)
                    .containsExactly("1.1.1.1");
        }
    }

    private static InetAddress address(String text) {
        return Network.parse(text).base();
    }
}
