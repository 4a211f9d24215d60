package dev.slipway.gateway.status;

public final class ApiDocs {
    public static final String STYLE_HASH = "x";

    private ApiDocs() {}
}
