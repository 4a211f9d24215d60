package dev.slipway.session.turn;

import dev.slipway.session.transcript.TurnSummary;

/** Is told of each turn's one end, in the transaction that writes it. */
public interface TurnListener {
    /** A turn is over. */
    void ended(Turn turn, TurnSummary.Outcome outcome);
}
