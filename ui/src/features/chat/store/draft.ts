import type { ChatMessage, Part } from "./types";

/** A file that goes with a message, as `data:` URL. */
export interface Attachment {
  filename: string;
  mediaType: string;
  url: string;
}

/** How the agent is to work on one message; what is missing is left as it is. */
export interface Wish {
  model?: string;
  mode?: string;
  reasoning?: string;
}

/** A message before it is sent. */
export interface Draft {
  text: string;
  files?: readonly Attachment[];
  wish?: Wish;
}

export function partsOf({ text, files = [] }: Draft): Part[] {
  const attached = files.map((file): Part => ({ type: "file", ...file }));
  return text ? [...attached, { type: "text", partId: "0", text, streaming: false }] : attached;
}

/** A message that comes back to be edited. */
export function draftOf(message: ChatMessage): Draft {
  return {
    text: message.parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
    files: message.parts.flatMap((part) =>
      part.type === "file"
        ? [{ filename: part.filename ?? "file", mediaType: part.mediaType, url: part.url }]
        : [],
    ),
    ...(message.wish ? { wish: message.wish } : {}),
  };
}

/** The parts as the protocol writes them. */
export function wireParts(draft: Draft): Record<string, unknown>[] {
  return partsOf(draft).map((part) =>
    part.type === "text" ? { type: "text", text: part.text } : (part as Record<string, unknown>),
  );
}
