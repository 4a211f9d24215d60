package dev.slipway.container.agent;

import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Executors;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** An answer's body for the client: what has come is passed on at once, and no faster than the client takes it. */
final class StreamedBody {
    private static final Scheduler READERS = Schedulers.fromExecutorService(
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("agent-answer").factory()),
            "agent-answer");
    private static final int READ_MAX = 16 * 1024;

    private StreamedBody() {}

    /** A client that goes closes the connection to the agent, even while nothing comes. */
    static CloseableByteBody of(ByteBodyFactory bodies, AgentAnswer answer) {
        Flux<ReadBuffer> chunks = Flux.<ReadBuffer>generate(sink -> {
                    byte[] buffer = new byte[READ_MAX];
                    try {
                        int count = answer.body().read(buffer);
                        if (count < 0) {
                            sink.complete();
                        } else {
                            sink.next(bodies.readBufferFactory().adapt(Arrays.copyOf(buffer, count)));
                        }
                    } catch (IOException e) {
                        sink.error(e);
                    }
                })
                .subscribeOn(READERS)
                .doFinally(_ -> answer.close());
        return bodies.adapt(chunks, answer.length());
    }
}
