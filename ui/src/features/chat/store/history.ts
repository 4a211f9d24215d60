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
  const error = errorOf(stored);
  const metadata: Record<string, unknown> = {
    ...(stored.createdAt ? { createdAt: stored.createdAt } : {}),
    ...stored.metadata,
  };
  return {
    id: stored.id,
    role: stored.role === "user" || stored.role === "system" ? stored.role : "assistant",
    parts: (stored.parts ?? []).flatMap((part, index) => partFrom(part, index)),
    status: error ? "failed" : statusFrom(metadata),
    ...(error ? { error } : {}),
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

/** A failed turn's reason is kept as a part, since metadata is the agent's. */
function errorOf(stored: StoredMessage): string | null {
  const part = stored.parts?.find((each) => each.type === "data-error");
  const message = (part?.data as { message?: unknown } | undefined)?.message;
  return typeof message === "string" ? message : null;
}

/**
 * Oldest first. A page may come newest first, which its times show; their order itself counts, not the times, because
 * an answer is stored when it ends. Where the store says which prompt an answer is to, it follows that prompt: one
 * that was queued meanwhile stands before it in the store.
 */
function inOrder(stored: readonly StoredMessage[]): StoredMessage[] {
  const timeOf = (message?: StoredMessage) =>
    Date.parse(String(message?.createdAt ?? message?.metadata?.createdAt));
  const forward = timeOf(stored[0]) > timeOf(stored.at(-1)) ? stored.toReversed() : [...stored];
  const ids = new Set(forward.map((message) => message.id));
  const promptOf = (message: StoredMessage) => {
    const id = message.metadata?.userMessageId;
    return message.role !== "user" && typeof id === "string" && ids.has(id) ? id : null;
  };
  const answers = new Map<string, StoredMessage[]>();
  for (const message of forward) {
    const prompt = promptOf(message);
    if (prompt) answers.set(prompt, [...(answers.get(prompt) ?? []), message]);
  }
  return forward
    .filter((message) => promptOf(message) === null)
    .flatMap((message) => [message, ...(answers.get(message.id) ?? [])]);
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
