package dev.slipway.devstack.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.sift.AbstractDiscriminator;
import dev.slipway.devstack.service.ServiceClassLoader;
import dev.slipway.devstack.service.SuiteService;
import org.jspecify.annotations.Nullable;

/**
 * The service that wrote a log line. Its own classes are known by their package; a library that works for it, by the
 * context class loader of the thread, which threads inherit. The rest is the launcher's, and Kafka's broker its own.
 */
public final class ServiceDiscriminator extends AbstractDiscriminator<ILoggingEvent> {
    private static final String SUITE = "dev.slipway.";

    @Override
    public String getDiscriminatingValue(ILoggingEvent event) {
        String logger = event.getLoggerName();
        String byPackage = byPackage(logger);
        if (byPackage != null) {
            return byPackage;
        }
        String byThread = ServiceClassLoader.serviceOf(Thread.currentThread());
        if (byThread != null) {
            return byThread;
        }
        return logger.startsWith("kafka.") || logger.startsWith("org.apache.kafka.") ? "kafka" : "launcher";
    }

    @Override
    public String getKey() {
        return "service";
    }

    private static @Nullable String byPackage(String logger) {
        for (SuiteService service : SuiteService.values()) {
            if (logger.startsWith(SUITE + service.schema() + ".")) {
                return service.title();
            }
        }
        return null;
    }
}
