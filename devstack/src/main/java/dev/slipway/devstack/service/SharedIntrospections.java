package dev.slipway.devstack.service;

import io.micronaut.core.beans.BeanIntrospectionReference;
import io.micronaut.core.beans.BeanIntrospector;
import io.micronaut.core.io.service.SoftServiceLoader;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the introspections of a service's own classes known to {@link BeanIntrospector#SHARED}.
 *
 * <p>Micronaut keeps one introspector per JVM, which looks only in the class loader that Micronaut itself is in, and
 * Micronaut Data and the validator ask no other. Here Micronaut is in the launcher's loader and a service's classes are in
 * one below, so its entities would be unknown. There is no way to add to it but its private map. The map's keys are class
 * names, and services have packages of their own.
 */
final class SharedIntrospections {
    private static final String MAP = "introspectionMap";

    private SharedIntrospections() {}

    /** Adds those that are found by that loader; call it before the service's context is built. */
    static synchronized void add(ClassLoader loader) {
        // Fills the map with what the launcher's own loader has.
        BeanIntrospector.SHARED.findIntrospectedTypes(_ -> false);
        @SuppressWarnings("rawtypes")
        List<BeanIntrospectionReference> found = new ArrayList<>();
        SoftServiceLoader.load(BeanIntrospectionReference.class, loader).collectAll(found);
        try {
            Field map = BeanIntrospector.SHARED.getClass().getDeclaredField(MAP);
            map.setAccessible(true);
            Map<Object, Object> all = new HashMap<>((Map<?, ?>) map.get(BeanIntrospector.SHARED));
            for (BeanIntrospectionReference<?> reference : found) {
                if (loader.equals(reference.getClass().getClassLoader())) {
                    all.put(reference.getName(), reference);
                }
            }
            // An immutable map is safe to read for threads that see it without a lock.
            map.set(BeanIntrospector.SHARED, Map.copyOf(all));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this Micronaut keeps its introspections elsewhere; see SharedIntrospections", e);
        }
    }
}
