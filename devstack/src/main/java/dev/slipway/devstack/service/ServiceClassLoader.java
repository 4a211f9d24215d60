package dev.slipway.devstack.service;

import java.net.URL;
import java.net.URLClassLoader;
import org.jspecify.annotations.Nullable;

/** Holds one service's own classes; its name is the service's, and that is how a thread is known to work for it. */
public final class ServiceClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    ServiceClassLoader(SuiteService service, URL[] urls, ClassLoader libraries) {
        super(service.title(), urls, libraries);
    }

    /** The service that this thread works for, by its context class loader. */
    public static @Nullable String serviceOf(Thread thread) {
        return thread.getContextClassLoader() instanceof ServiceClassLoader loader ? loader.getName() : null;
    }
}
