import type { Wish } from "./draft";

/** A part of a message as the interface shows it; history and stream are both brought into this shape. */
export type Part =
  | { type: "text"; partId: string; text: string; streaming: boolean }
  | { type: "reasoning"; partId: string; text: string; streaming: boolean }
  | ToolPart
  | { type: "file"; url: string; mediaType: string; filename?: string }
  | { type: "source"; id: string; url?: string; title?: string }
  | DataPart;

export type ToolState =
  | "input-streaming"
  | "input-available"
  | "approval-requested"
  | "output-available"
  | "output-error"
  | "output-denied";

export interface ToolPart {
  type: "tool";
  toolCallId: string;
  toolName: string;
  title?: string;
  state: ToolState;
  /** The input's text while it streams in; replaced by `input` once complete. */
  inputText: string;
  input?: unknown;
  output?: unknown;
  /** The output so far; the tool still runs. */
  preliminary: boolean;
  errorText?: string;
}

/** `data-NAME` of the stream: `name` is NAME. The same name and id replaces. */
export interface DataPart {
  type: "data";
  name: string;
  id: string | null;
  data: unknown;
}

export type MessageStatus = "sending" | "unsent" | "streaming" | "done" | "aborted" | "failed";

export interface ChatMessage {
  id: string;
  role: "user" | "assistant" | "system";
  parts: readonly Part[];
  status: MessageStatus;
  /** Why it is `failed` or `unsent`. */
  error?: string;
  finishReason?: string;
  metadata?: Record<string, unknown>;
  /** Of a message that waits: the turn that it will be. Missing until the server says that it can be changed. */
  turnId?: string;
  /** How the agent is to work on it; kept for sending it again. */
  wish?: Wish;
}

/** How far a turn's chunks have come; `seq` is the last one applied, -1 when frames carry no ids. */
export interface TurnCursor {
  seq: number;
  messageId: string | null;
  /** The user's message that the turn answers, once known. */
  promptId?: string;
  /** What the start said of the message, for when it comes into the transcript later. */
  metadata?: Record<string, unknown>;
  /** The turn's message is in the transcript; false while it waits for its predecessor to end. */
  began: boolean;
  ended: boolean;
}

export interface ChatState {
  messages: readonly ChatMessage[];
  /** The user's messages that wait for the running turn to end. */
  queue: readonly ChatMessage[];
  turns: Readonly<Record<string, TurnCursor>>;
  /** What transient data parts said last: usage, mode, commands. */
  live: Readonly<Record<string, unknown>>;
}

export const EMPTY_CHAT: ChatState = { messages: [], queue: [], turns: {}, live: {} };

/** A chunk of the UI message stream, as loose as the protocol: unknown types and keys must not hurt. */
export interface Chunk {
  type: string;
  [key: string]: unknown;
}

/** A chunk with its place: `turn` and `seq` from the frame's id `<turn>:<seq>`, or the reader's own key and null. */
export interface PlacedChunk {
  turn: string;
  seq: number | null;
  chunk: Chunk;
  /** The user's message that this turn answers, where the reader knows it. */
  promptId?: string;
}
