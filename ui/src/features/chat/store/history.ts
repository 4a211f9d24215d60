import type { ChatMessage, ChatState, Part, ToolPart, ToolState } from "./types";

/** A stored `UIMessage`, as loosely as it is validated there. */
export interface StoredMessage {
  id: string;
  role: string;
  parts?: Record<string, unknown>[];
  metadata?: Record<string, unknown>;
  createdAt?: string;
}

export function fromStored(stored: StoredMessage): ChatMessage {
  const metadata: Record<string, unknown> = {
    ...(stored.createdAt ? { createdAt: stored.createdAt } : {}),
    ...stored.metadata,
  };
  return {
    id: stored.id,
    role: stored.role === "user" || stored.role === "system" ? stored.role : "assistant",
    parts: (stored.parts ?? []).flatMap((part, index) => partFrom(part, index)),
    status: statusFrom(metadata),
    ...(typeof metadata.errorText === "string" ? { error: metadata.errorText } : {}),
    metadata,
  };
}

/**
 * A page of stored messages joins what is on screen: stored order counts, a message that streams here stays as it
 * is, and what the store does not have yet (just sent, just streaming) stays at the end.
 */
export function mergeHistory(state: ChatState, stored: readonly StoredMessage[]): ChatState {
  const page = inOrder(stored).map(fromStored);
  const stays = new Map(state.messages.map((message) => [message.id, message]));
  const waiting = new Set(state.queue.map((message) => message.id));
  const fromPage = page
    .filter((message) => !waiting.has(message.id))
    .map((message) => {
      const shown = stays.get(message.id);
      stays.delete(message.id);
      const knowsMore = shown && shown.status !== "done" && shown.role === "assistant";
      return knowsMore ? shown : message;
    });
  const firstKnown = state.messages.findIndex((message) => page.some((other) => other.id === message.id));
  const left = state.messages.filter((message) => stays.has(message.id));
  const before = firstKnown < 0 ? [] : left.filter((message) => state.messages.indexOf(message) < firstKnown);
  const after = left.filter((message) => !before.includes(message));
  return { ...state, messages: [...before, ...fromPage, ...after] };
}

/** An older page goes on top. */
export function prependHistory(state: ChatState, stored: readonly StoredMessage[]): ChatState {
  const known = new Set(state.messages.map((message) => message.id));
  const older = inOrder(stored)
    .filter((message) => !known.has(message.id))
    .map(fromStored);
  return { ...state, messages: [...older, ...state.messages] };
}

/** Oldest first, whichever way round the page came, as far as its messages carry a time. */
function inOrder(stored: readonly StoredMessage[]): StoredMessage[] {
  const timeOf = (message: StoredMessage) => message.createdAt ?? message.metadata?.createdAt;
  if (stored.some((message) => typeof timeOf(message) !== "string")) {
    return [...stored];
  }
  return stored.toSorted((a, b) => Date.parse(String(timeOf(a))) - Date.parse(String(timeOf(b))));
}

function statusFrom(metadata: Record<string, unknown>): ChatMessage["status"] {
  const outcome = metadata.outcome ?? metadata.status;
  if (outcome === "aborted" || outcome === "cancelled") return "aborted";
  if (outcome === "failed" || outcome === "error") return "failed";
  return "done";
}

function partFrom(part: Record<string, unknown>, index: number): Part[] {
  const type = String(part.type ?? "");
  if (type === "text" || type === "reasoning") {
    return [{ type, partId: String(part.id ?? index), text: String(part.text ?? ""), streaming: false }];
  }
  if (type === "dynamic-tool" || type.startsWith("tool-")) {
    return [toolFrom(part, type)];
  }
  if (type.startsWith("data-")) {
    return [
      {
        type: "data",
        name: type.slice(5),
        id: typeof part.id === "string" ? part.id : null,
        data: part.data,
      },
    ];
  }
  if (type === "file") {
    return [
      { type, url: String(part.url ?? ""), mediaType: String(part.mediaType ?? ""), ...fileName(part) },
    ];
  }
  if (type === "source-url" || type === "source-document") {
    const url = typeof part.url === "string" ? { url: part.url } : {};
    const title = typeof part.title === "string" ? { title: part.title } : {};
    return [{ type: "source", id: String(part.sourceId ?? ""), ...url, ...title }];
  }
  return [];
}

function fileName(part: Record<string, unknown>): { filename?: string } {
  return typeof part.filename === "string" ? { filename: part.filename } : {};
}

const TOOL_STATES: readonly string[] = [
  "input-streaming",
  "input-available",
  "approval-requested",
  "output-available",
  "output-error",
  "output-denied",
];

function toolFrom(part: Record<string, unknown>, type: string): ToolPart {
  const state = String(part.state ?? "");
  return {
    type: "tool",
    toolCallId: String(part.toolCallId ?? ""),
    toolName: type === "dynamic-tool" ? String(part.toolName ?? "tool") : type.slice(5),
    ...(typeof part.title === "string" ? { title: part.title } : {}),
    state: TOOL_STATES.includes(state) ? (state as ToolState) : "input-available",
    inputText: "",
    input: part.input,
    output: part.output,
    preliminary: part.preliminary === true,
    ...(typeof part.errorText === "string" ? { errorText: part.errorText } : {}),
  };
}
