package dev.slipway.gateway.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Confines what a program in a sandbox answers to the part of the address that is its own. */
final class PreviewAnswer {
    /** Headers that speak for the whole origin, which other sessions and the API may share. */
    private static final List<String> ABOUT_THE_ORIGIN = List.of(
            "Strict-Transport-Security",
            "Clear-Site-Data",
            "Service-Worker-Allowed",
            "Alt-Svc",
            "NEL",
            "Report-To",
            "Reporting-Endpoints",
            "Origin-Agent-Cluster",
            "Public-Key-Pins");

    private static final Pattern LOCAL = Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?(?=/|$)");

    private PreviewAnswer() {}

    static void confine(HttpHeaders headers, String prefix) {
        ABOUT_THE_ORIGIN.forEach(headers::remove);
        List<String> cookies = headers.getAll(HttpHeaderNames.SET_COOKIE);
        if (!cookies.isEmpty()) {
            headers.remove(HttpHeaderNames.SET_COOKIE);
            cookies.stream()
                    .filter(cookie -> !cookie.strip().toLowerCase(Locale.ROOT).startsWith("slipway_"))
                    .forEach(cookie -> headers.add(HttpHeaderNames.SET_COOKIE, confined(cookie, prefix)));
        }
        String location = headers.get(HttpHeaderNames.LOCATION);
        if (location != null) {
            headers.set(HttpHeaderNames.LOCATION, location(location, prefix));
        }
    }

    private static String confined(String cookie, String prefix) {
        List<String> kept = new ArrayList<>();
        for (String attribute : cookie.split(";", -1)) {
            String name = attribute.split("=", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (!name.equals("domain") && !name.equals("path")) {
                kept.add(attribute.strip());
            }
        }
        kept.add("Path=" + prefix + "/");
        return String.join("; ", kept);
    }

    /** The program knows nothing of the prefix, and takes itself for a server of its own machine. */
    private static String location(String location, String prefix) {
        String path = LOCAL.matcher(location).replaceFirst("");
        boolean itsOwn = path.startsWith("/") && !path.startsWith("//") && !path.startsWith(prefix + "/");
        return itsOwn ? prefix + path : path.isEmpty() ? prefix + "/" : path;
    }
}
