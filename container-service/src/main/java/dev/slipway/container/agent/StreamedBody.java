package dev.slipway.container.agent;

import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.body.TypedMessageBodyWriter;
import io.micronaut.http.codec.CodecException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.Executors;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Writes an agent's answer to the client: what has come is passed on at once, and no faster than the client takes it. A
 * client that goes closes the connection to the agent, even while nothing comes.
 */
@Singleton
final class StreamedBody implements TypedMessageBodyWriter<AgentAnswer>, ResponseBodyWriter<AgentAnswer> {
    private static final Argument<AgentAnswer> TYPE = Argument.of(AgentAnswer.class);
    private static final Scheduler READERS = Schedulers.fromExecutorService(
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("agent-answer").factory()),
            "agent-answer");
    private static final int READ_MAX = 16 * 1024;

    @Override
    public Argument<AgentAnswer> getType() {
        return TYPE;
    }

    @Override
    public boolean isWriteable(Argument<AgentAnswer> type, MediaType mediaType) {
        return type.getType() == AgentAnswer.class;
    }

    @Override
    public CloseableByteBody writePiece(
            ByteBodyFactory bodies,
            HttpRequest<?> request,
            HttpResponse<?> response,
            Argument<AgentAnswer> type,
            MediaType mediaType,
            AgentAnswer answer) {
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

    @Override
    public void writeTo(
            Argument<AgentAnswer> type,
            MediaType mediaType,
            AgentAnswer answer,
            MutableHeaders headers,
            OutputStream out) {
        try (answer) {
            answer.body().transferTo(out);
        } catch (IOException e) {
            throw new CodecException("the agent's answer broke off", e);
        }
    }
}
