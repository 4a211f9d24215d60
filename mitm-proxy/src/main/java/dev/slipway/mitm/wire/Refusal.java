package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.meter.Purse;

/**
 * The proxy itself answers instead of a server. Carries what the client is told (RFC 9457) and what the log says; has no stack trace,
 * since it is no fault of the program.
 */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final String title;
    private final String decision;

    private Refusal(int status, String type, String title, String detail, String decision) {
        super(detail, null, false, false);
        this.status = status;
        this.type = type;
        this.title = title;
        this.decision = decision;
    }

    /** Policy says no; the user can change that. */
    static Refusal notAllowed(HostPort target, String reason) {
        return new Refusal(
                403,
                "egress-blocked",
                "This host is not allowed",
                target + ": " + reason
                        + ". To allow it, open the session's egress log in Slipway and choose Allow beside "
                        + target.host() + ", or add it to the workspace's allowed hosts.",
                "blocked");
    }

    /** No policy can allow this. */
    static Refusal forbidden(String detail) {
        return new Refusal(403, "egress-forbidden", "No sandbox may do this", detail + ".", "blocked");
    }

    /** A client on TCP did not say whose it is, or had the wrong token. */
    static Refusal unauthenticated() {
        return new Refusal(
                407,
                "egress-authentication",
                "Who are you?",
                "This proxy wants the session's id as user and its token as password.",
                "invalid");
    }

    /** The model call would cost money that there is not. */
    static Refusal budget(Purse.NoRoom reason) {
        return reason.isSpent()
                ? new Refusal(
                        402,
                        "egress-budget-spent",
                        "The budget is spent",
                        reason.getMessage() + ". An admin of the project can raise it.",
                        "blocked")
                : new Refusal(
                        429,
                        "egress-budget-held",
                        "What is left of the budget is in use",
                        reason.getMessage() + ". Try again when they have ended.",
                        "blocked");
    }

    /** What is said on a WebSocket to a model provider would be counted by nobody. */
    static Refusal unmetered(HostPort target) {
        return new Refusal(
                426,
                "egress-unmetered",
                "Use HTTP for model calls",
                target.host() + " is a model provider: its answers are metered, on WebSockets they could not be.",
                "blocked");
    }

    /** The request can be read in two ways, or in none. */
    static Refusal badRequest(String detail) {
        return new Refusal(400, "egress-bad-request", "The proxy cannot read this request", detail + ".", "invalid");
    }

    static Refusal headersTooLarge() {
        return new Refusal(
                431,
                "egress-headers-too-large",
                "The request's head is too large",
                "The request line and headers take more than 64 KB.",
                "invalid");
    }

    /** The host was allowed but could not be reached, or spoke nonsense. */
    static Refusal badGateway(String detail) {
        return new Refusal(502, "egress-upstream-failed", "The host could not be reached", detail + ".", "failed");
    }

    static Refusal timeout(String detail) {
        return new Refusal(504, "egress-upstream-timeout", "The host did not answer in time", detail + ".", "failed");
    }

    static Refusal unavailable(String detail) {
        return new Refusal(503, "egress-unavailable", "Not at the moment", detail + ".", "failed");
    }

    /** Memory, or the session's number of connections, is used up. */
    static Refusal crowded() {
        return new Refusal(
                503,
                "egress-crowded",
                "Too much at once",
                "This session holds more connections and unread answers than there is room for. Close or read some, and try again.",
                "failed");
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    String title() {
        return title;
    }

    /** The word for the log: {@code blocked}, {@code invalid} or {@code failed}. */
    String decision() {
        return decision;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
