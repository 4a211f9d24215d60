package dev.slipway.agent.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The table of paths. A segment in braces matches any one segment, and is given to the handler by its name. */
public final class Router {
    private final List<Route> routes = new ArrayList<>();

    private record Route(String method, List<String> segments, Handler handler) {}

    /** Answers one kind of request; a {@link Problem} that it throws is the answer. */
    @FunctionalInterface
    public interface Handler {
        HttpResponse handle(HttpRequest request, Map<String, String> pathValues)
                throws IOException, InterruptedException;
    }

    /** Adds a row to the table. */
    public Router route(String method, String path, Handler handler) {
        routes.add(new Route(method, segments(path), handler));
        return this;
    }

    HttpResponse answer(HttpRequest request) throws IOException, InterruptedException {
        List<String> segments = segments(request.path());
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Map<String, String> values = new LinkedHashMap<>();
            if (!matches(route.segments, segments, values)) {
                continue;
            }
            if (route.method.equals(request.method())
                    || (route.method.equals("GET") && request.method().equals("HEAD"))) {
                return route.handler.handle(request, values);
            }
            allowed.add(route.method);
        }
        if (!allowed.isEmpty()) {
            throw Problem.methodNotAllowed(String.join(", ", allowed));
        }
        throw Problem.of(404, "There is nothing at this path.");
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    private static boolean matches(List<String> pattern, List<String> segments, Map<String, String> values) {
        if (pattern.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < pattern.size(); i++) {
            String wanted = pattern.get(i);
            if (wanted.startsWith("{") && !segments.get(i).isEmpty()) {
                values.put(wanted.substring(1, wanted.length() - 1), segments.get(i));
            } else if (!wanted.equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }
}
