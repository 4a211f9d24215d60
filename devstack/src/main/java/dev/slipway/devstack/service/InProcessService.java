package dev.slipway.devstack.service;

import dev.slipway.devstack.StartFailure;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service in this process. What it shares with the others is the library code, and no bean and no setting. */
public final class InProcessService implements RunningService {
    private static final Logger LOG = LoggerFactory.getLogger(InProcessService.class);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);

    private final SuiteService service;
    private final ServiceClassLoader loader;
    private final ApplicationContext context;

    private InProcessService(SuiteService service, ServiceClassLoader loader, ApplicationContext context) {
        this.service = service;
        this.loader = loader;
        this.context = context;
    }

    /** Starts it and returns when its server listens. */
    public static InProcessService start(
            SuiteService service, ServiceFiles files, ServiceSettings settings, Path logs) {
        var loader = new ServiceClassLoader(
                service, files.beyond(System.getProperty("java.class.path")), InProcessService.class.getClassLoader());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Threads that the service makes inherit it, and with it the service they belong to.
        thread.setContextClassLoader(loader);
        try {
            SharedIntrospections.add(loader);
            Class<?> main = Class.forName(service.mainClass(), false, loader);
            ApplicationContext context = ApplicationContext.builder(loader)
                    .mainClass(main)
                    .banner(false)
                    .properties(settings.properties(service))
                    .build();
            context.start();
            context.getBean(EmbeddedServer.class).start();
            return new InProcessService(service, loader, context);
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
            LOG.atError().setCause(e).addKeyValue("service", service.title()).log("service did not start");
            throw new StartFailure(
                    service.title() + " did not start: " + Reason.of(e) + "\nIts log is "
                            + logs.resolve(service.title() + ".log"),
                    e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public SuiteService service() {
        return service;
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }

    @Override
    public void stop() throws InterruptedException {
        Thread stopping = Thread.ofPlatform()
                .daemon()
                .name("stop-" + service.title())
                .unstarted(() -> {
                    try {
                        context.close();
                    } catch (RuntimeException e) {
                        LOG.atWarn()
                                .setCause(e)
                                .addKeyValue("service", service.title())
                                .log("service did not stop cleanly");
                    }
                });
        stopping.setContextClassLoader(loader);
        stopping.start();
        stopping.join(STOP_DEADLINE);
        // A service that is still stopping needs its classes; the process ends soon anyway.
        if (!stopping.isAlive()) {
            try {
                loader.close();
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("class loader did not close");
            }
        }
    }
}
