import type { Part, ToolPart } from "./types";

type TextKind = "text" | "reasoning";
type Parts = readonly Part[];

export function openText(parts: Parts, type: TextKind, partId: string): Parts {
  return [...parts, { type, partId, text: "", streaming: true }];
}

export function appendText(parts: Parts, type: TextKind, partId: string, delta: string): Parts {
  const index = openIndex(parts, type, partId);
  const part = parts[index];
  if (part && (part.type === "text" || part.type === "reasoning")) {
    return parts.with(index, { ...part, text: part.text + delta });
  }
  return [...parts, { type, partId, text: delta, streaming: true }];
}

export function closeText(parts: Parts, type: TextKind, partId: string): Parts {
  const index = openIndex(parts, type, partId);
  const part = parts[index];
  return part && (part.type === "text" || part.type === "reasoning")
    ? parts.with(index, { ...part, streaming: false })
    : parts;
}

/** A closed part's id may come again for a new one, so only open parts count. */
function openIndex(parts: Parts, type: TextKind, partId: string): number {
  return parts.findLastIndex((part) => part.type === type && part.partId === partId && part.streaming);
}

/** Makes the tool call's part, or changes the one that is there. */
export function putTool(parts: Parts, toolCallId: string, change: Partial<ToolPart>): Parts {
  const index = toolIndex(parts, toolCallId);
  const part = parts[index];
  if (part?.type === "tool") {
    return parts.with(index, { ...part, ...change });
  }
  const fresh: ToolPart = {
    type: "tool",
    toolCallId,
    toolName: "tool",
    state: "input-streaming",
    inputText: "",
    preliminary: false,
    ...change,
  };
  return [...parts, fresh];
}

/** As `putTool`, from what the part was; a call never heard of becomes a nameless one. */
export function updateTool(
  parts: Parts,
  toolCallId: string,
  change: (tool: ToolPart) => Partial<ToolPart>,
): Parts {
  const known = toolIndex(parts, toolCallId) >= 0 ? parts : putTool(parts, toolCallId, {});
  const index = toolIndex(known, toolCallId);
  const part = known[index];
  return part?.type === "tool" ? known.with(index, { ...part, ...change(part) }) : known;
}

function toolIndex(parts: Parts, toolCallId: string): number {
  return parts.findLastIndex((part) => part.type === "tool" && part.toolCallId === toolCallId);
}

export function putData(parts: Parts, name: string, id: string | null, data: unknown): Parts {
  const fresh: Part = { type: "data", name, id, data };
  const index =
    id === null ? -1 : parts.findIndex((p) => p.type === "data" && p.name === name && p.id === id);
  return index < 0 ? [...parts, fresh] : parts.with(index, fresh);
}

/** After a turn's end no text part is open; tools keep their state, which then reads as "did not finish". */
export function closeOpenParts(parts: Parts): Parts {
  return parts.map((part) =>
    (part.type === "text" || part.type === "reasoning") && part.streaming
      ? { ...part, streaming: false }
      : part,
  );
}
