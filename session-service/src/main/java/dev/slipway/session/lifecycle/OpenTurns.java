package dev.slipway.session.lifecycle;

/**
 * What becomes of a session's turns when something becomes of the session. Called in the transaction of the change, with the
 * session's row locked.
 */
public interface OpenTurns {
    /** Whether a turn runs or waits. */
    boolean any(Session session);

    /** Ends all turns because somebody wanted the session to stop or to go. */
    void abortAll(Session session);

    /** Ends all turns because the session failed; {@code why} is a sentence for the user. */
    void failAll(Session session, String why);

    /** The agent takes turns: the next one that waits goes to it. */
    void next(Session session);

    /**
     * The sandbox is gone: a turn in the middle ends with an error, one that the agent had not begun waits again.
     *
     * @return whether turns wait
     */
    boolean interrupt(Session session, String why);
}
