/** One frame of a `text/event-stream`. `data` joins the frame's data lines with line feeds. */
export interface SseFrame {
  id: string | null;
  event: string;
  data: string;
}

/** Cuts a stream's text into frames; chunks may end anywhere, also inside a CR LF pair. */
export class SseParser {
  #rest = "";
  #id: string | null = null;
  #event = "";
  #data: string[] = [];

  push(text: string): SseFrame[] {
    const frames: SseFrame[] = [];
    this.#rest += text;
    // A CR at the very end may be half of CR LF: it waits for the next chunk.
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      this.#line(line, frames);
    }
    return frames;
  }

  #line(line: string, frames: SseFrame[]): void {
    if (line === "") {
      if (this.#data.length > 0) {
        frames.push({ id: this.#id, event: this.#event || "message", data: this.#data.join("\n") });
      }
      this.#id = null;
      this.#event = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    else if (field === "id") this.#id = value;
    else if (field === "event") this.#event = value;
  }
}

/** A stream silent for this long is dead, however alive its TCP connection looks (heartbeats come every 10 s). */
const SILENCE_MAX = 35_000;

/** Reads frames until the stream ends, or `signal` says that it is not wanted any more. Throws when it breaks or falls silent. */
export async function readSse(
  response: Response,
  onFrame: (frame: SseFrame) => void,
  signal?: AbortSignal,
): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) {
    return;
  }
  signal?.addEventListener("abort", () => void reader.cancel().catch(() => undefined), { once: true });
  const parser = new SseParser();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await withDeadline(reader);
    if (done) {
      return;
    }
    for (const frame of parser.push(decoder.decode(value, { stream: true }))) {
      onFrame(frame);
    }
  }
}

async function withDeadline(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error("the stream fell silent"));
      void reader.cancel().catch(() => undefined);
    }, SILENCE_MAX);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    clearTimeout(timer);
  }
}
