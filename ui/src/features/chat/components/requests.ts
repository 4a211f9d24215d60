import type { ChatMessage, DataPart } from "../store/types";

export interface RequestOption {
  optionId: string;
  name: string;
  kind: string;
}

/** A permission or question request in the stream, whose answer the agent waits for. */
export interface AgentRequest {
  requestId: string;
  kind: "permission" | "question";
  title: string;
  detail: string;
  options: RequestOption[];
  /** Can one answer hold for all later uses of the tool? */
  repeatable: boolean;
  /** The chosen option's id, or a word for how else it ended. */
  answer: string | null;
}

type Loose = Record<string, unknown>;

export function requestOf(part: DataPart): AgentRequest {
  const data = loose(part.data);
  const call = loose(data.toolCall);
  const options = Array.isArray(data.options) ? data.options.map(optionOf) : [];
  const status = String(data.state ?? data.status ?? "");
  const settled = status !== "" && status !== "pending" ? status : null;
  const chosen = [data.optionId, data.answer, data.selectedOptionId].find((each) => typeof each === "string");
  return {
    requestId: String(data.requestId ?? part.id ?? data.id ?? ""),
    kind: part.name === "question" ? "question" : "permission",
    title: String(data.title ?? data.question ?? call.title ?? "The agent asks for permission"),
    detail: detailOf(data, call),
    options,
    // Leaving plan mode is asked in the same way, but about the plan and not about a tool.
    repeatable: part.name === "permission" && (data.kind ?? call.kind) !== "switch_mode",
    answer: (chosen as string | undefined) ?? (data.cancelled === true ? "cancelled" : settled),
  };
}

/** The requests of the running turn that nobody has answered. */
export function openRequests(messages: readonly ChatMessage[]): AgentRequest[] {
  const last = messages.at(-1);
  if (last?.status !== "streaming") {
    return [];
  }
  return last.parts
    .filter(
      (part): part is DataPart =>
        part.type === "data" && (part.name === "permission" || part.name === "question"),
    )
    .map(requestOf)
    .filter((request) => request.answer === null);
}

function optionOf(option: unknown): RequestOption {
  const { optionId, id, name, label, kind } = loose(option);
  const key = String(optionId ?? id ?? label ?? name ?? "");
  return { optionId: key, name: String(name ?? label ?? key), kind: String(kind ?? "") };
}

function detailOf(data: Loose, call: Loose): string {
  const input = loose(call.rawInput ?? data.input);
  for (const value of [
    data.detail,
    data.description,
    input.command,
    input.file_path,
    input.filePath,
    input.path,
  ]) {
    if (typeof value === "string" && value) return value;
    if (Array.isArray(value)) return value.join(" ");
  }
  return Object.keys(input).length > 0 ? JSON.stringify(input, null, 2) : "";
}

function loose(value: unknown): Loose {
  return value && typeof value === "object" ? (value as Loose) : {};
}
