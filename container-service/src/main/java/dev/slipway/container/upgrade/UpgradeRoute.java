package dev.slipway.container.upgrade;

import io.netty.channel.ChannelHandlerContext;
import java.util.regex.Pattern;

/** Requests of one kind that ask for an upgrade. */
public interface UpgradeRoute {
    /** Their raw path, whole. The first group is the project. */
    Pattern path();

    /**
     * Checks a request and prepares what it needs. May wait.
     *
     * @throws dev.slipway.kit.problem.ProblemException as the answer
     */
    Upgraded prepare(UpgradeRequest request);

    /** What becomes of the connection. */
    @FunctionalInterface
    interface Upgraded {
        /**
         * Takes the connection over; called in its event loop, with the codec the only handler before {@code context} and none
         * behind it.
         */
        void take(ChannelHandlerContext context);
    }
}
