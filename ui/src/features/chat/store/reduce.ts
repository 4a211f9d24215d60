import { appendText, closeOpenParts, closeText, openText, putData, putTool, updateTool } from "./parts";
import type { ChatMessage, ChatState, Chunk, Part, PlacedChunk, TurnCursor } from "./types";

/**
 * Applies one chunk. A chunk that was applied before (a replay, a second reader) changes nothing; an unknown type
 * is skipped; a delta or an output whose beginning was missed opens its part, so that nothing said is lost.
 */
export function reduce(state: ChatState, placed: PlacedChunk): ChatState {
  const known = state.turns[placed.turn];
  if (known && placed.seq !== null && placed.seq <= known.seq) {
    return state;
  }
  const cursor: TurnCursor = {
    messageId: null,
    began: false,
    ended: false,
    ...known,
    ...(placed.promptId ? { promptId: placed.promptId } : {}),
    seq: placed.seq ?? known?.seq ?? -1,
  };
  const { chunk } = placed;
  switch (chunk.type) {
    case "start":
      return start(state, placed, cursor);
    case "data-queued":
      return queued(state, placed, cursor);
    case "finish":
      return end(state, placed.turn, cursor, {
        status: "done",
        finishReason: text(chunk.finishReason) || undefined,
        metadata: record(chunk.messageMetadata),
      });
    case "abort":
      return end(unqueued(state, cursor.promptId), placed.turn, cursor, { status: "aborted" });
    case "error":
      return end(unqueued(state, cursor.promptId), placed.turn, cursor, {
        status: "failed",
        error: text(chunk.errorText) || "The agent failed without saying why.",
      });
  }
  if (chunk.type.startsWith("data-") && chunk.transient === true) {
    const live = { ...state.live, [chunk.type.slice(5)]: chunk.data };
    return withTurn({ ...state, live }, placed.turn, cursor);
  }
  return inMessage(state, placed, cursor, (message) => applyPart(message, chunk));
}

/** A stream ended with `[DONE]` or the server says that nothing runs: what is open closes. */
export function endTurn(state: ChatState, turn: string): ChatState {
  const cursor = state.turns[turn];
  return !cursor || cursor.ended ? state : end(state, turn, cursor, { status: "done" });
}

/** Is a turn in the transcript and not at its end? */
export function isStreaming(state: ChatState): boolean {
  return Object.values(state.turns).some((turn) => turn.began && !turn.ended);
}

/** A turn may be accepted, and so started, while another one runs: then it is only remembered. */
function start(state: ChatState, placed: PlacedChunk, cursor: TurnCursor): ChatState {
  const metadata = record(placed.chunk.messageMetadata);
  const next: TurnCursor = {
    ...cursor,
    ...(metadata ? { metadata } : {}),
    messageId: text(placed.chunk.messageId) || cursor.messageId || `turn-${placed.turn}`,
    promptId: cursor.promptId ?? (text(metadata?.userMessageId) || undefined),
    ended: false,
  };
  if (!cursor.began && isStreaming(state)) {
    return withTurn(toQueue(state, next.promptId), placed.turn, next);
  }
  return begin(state, placed.turn, next);
}

/** The turn's message comes into the transcript, empty: right after its prompt, since others may wait behind that. */
function begin(state: ChatState, turn: string, cursor: TurnCursor): ChatState {
  const id = cursor.messageId ?? `turn-${turn}`;
  const message: ChatMessage = {
    id,
    role: "assistant",
    parts: [],
    status: "streaming",
    metadata: cursor.metadata,
  };
  const prompted = unqueued(state, cursor.promptId);
  const shown = prompted.messages.findIndex((other) => other.id === id);
  const prompt = prompted.messages.findIndex((other) => other.id === cursor.promptId);
  const end = prompted.messages.length;
  const messages =
    shown >= 0
      ? prompted.messages.with(shown, message)
      : prompted.messages.toSpliced(prompt >= 0 ? prompt + 1 : end, 0, message);
  return withTurn({ ...prompted, messages }, turn, { ...cursor, messageId: id, began: true });
}

/** The server says that the turn waits: what was shown of it goes back into the queue. */
function queued(state: ChatState, placed: PlacedChunk, cursor: TurnCursor): ChatState {
  const messages = state.messages.filter(
    (message) => message.id !== cursor.messageId || message.parts.length > 0,
  );
  return withTurn(toQueue({ ...state, messages }, cursor.promptId), placed.turn, { ...cursor, began: false });
}

/** The user's message leaves the queue for the transcript, and counts as sent. */
function unqueued(state: ChatState, promptId: string | undefined): ChatState {
  const waiting = state.queue.find((message) => message.id === promptId);
  if (waiting) {
    const sent: ChatMessage = { ...waiting, status: "done" };
    return {
      ...state,
      queue: state.queue.filter((message) => message !== waiting),
      messages: [...state.messages.filter((message) => message.id !== promptId), sent],
    };
  }
  return {
    ...state,
    messages: state.messages.map((message) =>
      message.id === promptId ? { ...message, status: "done", error: undefined } : message,
    ),
  };
}

/** The user's message waits beside the transcript. */
function toQueue(state: ChatState, promptId: string | undefined): ChatState {
  const message = state.messages.find((other) => other.id === promptId);
  if (!message) {
    return state;
  }
  return {
    ...state,
    messages: state.messages.filter((other) => other !== message),
    queue: [...state.queue, { ...message, status: "done" }],
  };
}

function end(state: ChatState, turn: string, cursor: TurnCursor, last: Partial<ChatMessage>): ChatState {
  // A turn may fail before its start, when no sandbox could be had; the reason still needs a place.
  const id = cursor.messageId ?? `turn-${turn}`;
  let messages = state.messages;
  if (!messages.some((message) => message.id === id)) {
    if (last.status !== "failed") {
      return withTurn(state, turn, { ...cursor, ended: true });
    }
    messages = [...messages, { id, role: "assistant", parts: [], status: "streaming" }];
  }
  messages = messages.map((message) =>
    message.id === id
      ? {
          ...message,
          ...last,
          metadata: { ...message.metadata, ...last.metadata },
          parts: closeOpenParts(message.parts),
        }
      : message,
  );
  return withTurn({ ...state, messages }, turn, { ...cursor, messageId: id, ended: true });
}

function inMessage(
  state: ChatState,
  placed: PlacedChunk,
  cursor: TurnCursor,
  change: (message: ChatMessage) => ChatMessage,
): ChatState {
  const started = cursor.began ? state : begin(state, placed.turn, cursor);
  const id = started.turns[placed.turn]?.messageId ?? cursor.messageId;
  // The message that grows is the last one nearly always: look from the end.
  const index = started.messages.findLastIndex((message) => message.id === id);
  const message = started.messages[index];
  if (!message) {
    return withTurn(started, placed.turn, cursor);
  }
  const changed = change(message);
  const next = withTurn(started, placed.turn, { ...cursor, messageId: id, began: true });
  return changed === message ? next : { ...next, messages: started.messages.with(index, changed) };
}

function applyPart(message: ChatMessage, chunk: Chunk): ChatMessage {
  const parts = partsAfter(message.parts, chunk);
  if (chunk.type === "message-metadata") {
    return { ...message, metadata: { ...message.metadata, ...record(chunk.messageMetadata) } };
  }
  return parts === message.parts ? message : { ...message, parts };
}

function partsAfter(parts: readonly Part[], chunk: Chunk): readonly Part[] {
  const id = text(chunk.id);
  const call = text(chunk.toolCallId);
  switch (chunk.type) {
    case "text-start":
      return openText(parts, "text", id);
    case "text-delta":
      return appendText(parts, "text", id, text(chunk.delta));
    case "text-end":
      return closeText(parts, "text", id);
    case "reasoning-start":
      return openText(parts, "reasoning", id);
    case "reasoning-delta":
      return appendText(parts, "reasoning", id, text(chunk.delta));
    case "reasoning-end":
      return closeText(parts, "reasoning", id);
    case "tool-input-start":
      return putTool(parts, call, { ...naming(chunk), state: "input-streaming", inputText: "" });
    case "tool-input-delta":
      return updateTool(parts, call, (tool) => ({ inputText: tool.inputText + text(chunk.inputTextDelta) }));
    case "tool-input-available":
      return putTool(parts, call, { ...naming(chunk), state: "input-available", input: chunk.input });
    case "tool-input-error":
      return putTool(parts, call, {
        ...naming(chunk),
        state: "output-error",
        input: chunk.input,
        errorText: text(chunk.errorText),
      });
    case "tool-approval-request":
      return updateTool(parts, call, () => ({ state: "approval-requested" }));
    case "tool-approval-response":
      return call && chunk.approved === true
        ? updateTool(parts, call, () => ({ state: "input-available" }))
        : parts;
    case "tool-output-available":
      return updateTool(parts, call, () => ({
        state: "output-available",
        output: chunk.output,
        preliminary: chunk.preliminary === true,
      }));
    case "tool-output-error":
      return updateTool(parts, call, () => ({
        state: "output-error",
        errorText: text(chunk.errorText),
        preliminary: false,
      }));
    case "tool-output-denied":
      return updateTool(parts, call, () => ({ state: "output-denied", preliminary: false }));
    case "file":
      return [...parts, { type: "file", url: text(chunk.url), mediaType: text(chunk.mediaType) }];
    case "source-url":
    case "source-document":
      return [
        ...parts,
        {
          type: "source",
          id: text(chunk.sourceId),
          url: text(chunk.url) || undefined,
          title: text(chunk.title) || undefined,
        },
      ];
  }
  if (chunk.type.startsWith("data-")) {
    return putData(parts, chunk.type.slice(5), id || null, chunk.data);
  }
  return parts;
}

function naming(chunk: Chunk): { toolName: string; title?: string } {
  const title = text(chunk.title);
  return { toolName: text(chunk.toolName) || "tool", ...(title ? { title } : {}) };
}

function withTurn(state: ChatState, turn: string, cursor: TurnCursor): ChatState {
  return { ...state, turns: { ...state.turns, [turn]: cursor } };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function record(value: unknown): Record<string, unknown> | undefined {
  return value && typeof value === "object" ? (value as Record<string, unknown>) : undefined;
}
