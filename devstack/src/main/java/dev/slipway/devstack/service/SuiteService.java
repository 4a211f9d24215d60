package dev.slipway.devstack.service;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The services of the suite, in the order in which people name them. */
public enum SuiteService {
    GATEWAY("gateway", "gateway"),
    WORKSPACE("workspace-service", "workspace"),
    SESSION("session-service", "session"),
    CONTAINER("container-service", "container"),
    CREDENTIAL("credential-service", "credential"),
    MITM("mitm-proxy", "mitm");

    private final String title;
    private final String schema;

    SuiteService(String title, String schema) {
        this.title = title;
        this.schema = schema;
    }

    /** The name in configuration, logs and for people; also the folder of its module. */
    public String title() {
        return title;
    }

    /** The name of its Postgres schema and the last part of its Java package. */
    public String schema() {
        return schema;
    }

    public String mainClass() {
        return "dev.slipway." + schema + ".Application";
    }

    /** The environment variable that tells the others where it is. */
    public String urlVariable() {
        return title.toUpperCase(Locale.ROOT).replace('-', '_') + "_URL";
    }

    public static List<String> schemas() {
        return Arrays.stream(values()).map(SuiteService::schema).toList();
    }
}
