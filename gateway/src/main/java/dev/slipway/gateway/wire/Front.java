package dev.slipway.gateway.wire;

import dev.slipway.kit.problem.ProblemException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

/** The client's side of an exchange. */
public interface Front {
    /** The client's connection. */
    Channel channel();

    /** Who is at the other end of it. */
    Peer peer();

    /** The loop on which everything here runs. */
    EventLoop loop();

    /** Where buffers come from. */
    ByteBufAllocator allocator();

    /** Sends a part of the answer, without flushing. */
    void write(Object part);

    /** Lets out what was written. */
    void flush();

    /** Asks for the next part of the request. Also after its last one: only who reads learns that the client is gone. */
    void read();

    /** Whether the client keeps up with what it is sent. */
    boolean isWritable();

    /** The answer is complete. The connection takes the next request, or ends if it cannot. */
    void finished();

    /** Lets out what was written and ends the connection. */
    void close();

    /** Answers with a problem; only before any part of an answer was sent. */
    void refuse(ProblemException problem);

    /** Ends the connection in the middle, so that an incomplete answer can be seen to be incomplete. */
    void abort();

    /** From here on the connection carries another protocol; what comes is given to the exchange as it is. */
    void upgraded();

    /** As {@link #upgraded}, and what comes and goes are whole WebSocket messages of at most so many bytes. */
    void upgradedToFrames(int bytesMax);
}
