import type { QueuedTurn } from "../api/queue";
import { fromStored } from "./history";
import type { ChatMessage, ChatState } from "./types";

/**
 * Brings the messages that wait into the server's words and order. What was sent from elsewhere joins them; what the
 * server does not know yet (being sent, not sent) stays at the end. Gives the same state when nothing changed.
 */
export function syncQueue(state: ChatState, server: readonly QueuedTurn[]): ChatState {
  const begun = new Set(
    Object.values(state.turns).flatMap((turn) => (turn.began && turn.promptId ? [turn.promptId] : [])),
  );
  const waiting = server.filter(({ message }) => !begun.has(message.id));
  const known = new Set(waiting.map(({ message }) => message.id));
  const queue = [
    ...waiting.map(
      ({ turnId, message }): ChatMessage => ({ ...fromStored(message), status: "done", turnId }),
    ),
    ...state.queue.filter((message) => !known.has(message.id) && message.turnId === undefined),
  ];
  const messages = state.messages.filter((message) => !known.has(message.id));
  const same = messages.length === state.messages.length && sameQueue(queue, state.queue);
  return same ? state : { ...state, messages, queue };
}

function sameQueue(one: readonly ChatMessage[], other: readonly ChatMessage[]): boolean {
  const words = (queue: readonly ChatMessage[]) =>
    JSON.stringify(queue.map(({ id, turnId, parts }) => [id, turnId, parts]));
  return words(one) === words(other);
}

/** The order after one of the waiting messages went up or down by a place; null when it cannot. */
export function moved(queue: readonly ChatMessage[], id: string, by: -1 | 1): string[] | null {
  const order = queue.flatMap((message) => (message.turnId ? [message.turnId] : []));
  const from = order.indexOf(queue.find((message) => message.id === id)?.turnId ?? "");
  const to = from + by;
  const turn = order[from];
  return turn === undefined || to < 0 || to >= order.length
    ? null
    : order.toSpliced(from, 1).toSpliced(to, 0, turn);
}
