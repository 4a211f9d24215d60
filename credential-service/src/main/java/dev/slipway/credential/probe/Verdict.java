package dev.slipway.credential.probe;

/** What came of a try. The texts are for users and hold nothing of the provider's answer but its status. */
sealed interface Verdict {
    /** The provider took the credential. */
    record Works() implements Verdict {}

    /** The provider did not take it. */
    record Refused(int status) implements Verdict {}

    /** Nothing can be said: the provider did not answer, or with something else. */
    record Unreachable(String reason) implements Verdict {}

    /** What a status means. */
    static Verdict of(int status) {
        if (status >= 200 && status < 300) {
            return new Works();
        }
        return switch (status) {
            // Gemini answers 400 to a key that it does not know.
            case 400, 401, 403 -> new Refused(status);
            default -> new Unreachable("it answered " + status);
        };
    }
}
