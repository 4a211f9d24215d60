import type { Size } from "../api/terminal-address";

/** What the shell's viewer is told. `exited` and `refused` are final until somebody asks for a new shell. */
export type TerminalState =
  | { kind: "connecting" }
  | { kind: "open" }
  | { kind: "lost" }
  | { kind: "exited"; code: number | null }
  | { kind: "refused"; reason: string };

export interface TerminalSink {
  write: (data: string | Uint8Array) => void;
  /** What was shown comes again from the start. */
  reset: () => void;
  state: (state: TerminalState) => void;
}

export interface TerminalServer {
  open: (size: Size, since: number | null) => WebSocket;
  /** After a connection that never opened: why there can be none, or null when it is worth trying again. */
  refusal: () => Promise<string | null>;
}

const BACKOFF_FIRST = 250;
const BACKOFF_MAX = 8_000;
const ENDED = 1000;

/**
 * The line to a shell that outlives its viewers: what it wrote meanwhile comes when the line is found again, each
 * frame once. Frames of raw bytes carry no number; after one of these everything is asked for again.
 */
export class TerminalConnection {
  readonly #server: TerminalServer;
  readonly #sink: TerminalSink;
  #socket: WebSocket | null = null;
  #size: Size;
  #since: number | null = null;
  #unnumbered = false;
  #exit: { code: number | null } | null = null;
  #closed = false;
  #delay = BACKOFF_FIRST;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(server: TerminalServer, sink: TerminalSink, size: Size) {
    this.#server = server;
    this.#sink = sink;
    this.#size = size;
    this.#connect();
  }

  input(data: string): void {
    this.#send({ type: "input", data });
  }

  /** What a program asked the terminal for as bytes, such as where the mouse is. */
  inputBytes(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#isOpen()) this.#socket?.send(bytes);
  }

  resize(size: Size): void {
    if (size.rows !== this.#size.rows || size.cols !== this.#size.cols) {
      this.#size = size;
      this.#send({ type: "resize", data: size });
    }
  }

  /** The network came back, or the page was shown again: no need to wait any longer. */
  wake(): void {
    if (this.#timer !== undefined) this.#connect();
  }

  /** Another shell after the last one ended. */
  restart(): void {
    this.#since = null;
    this.#exit = null;
    this.#unnumbered = false;
    this.#sink.reset();
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#unnumbered) {
      this.#since = null;
      this.#unnumbered = false;
      this.#sink.reset();
    }
    this.#sink.state({ kind: this.#since === null ? "connecting" : "lost" });
    const socket = this.#server.open(this.#size, this.#since);
    const asked = this.#size;
    let opened = false;
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => {
      opened = true;
      this.#delay = BACKOFF_FIRST;
      this.#sink.state({ kind: "open" });
      if (asked !== this.#size) this.#send({ type: "resize", data: this.#size });
    });
    socket.addEventListener("message", (event) => this.#received(event.data));
    socket.addEventListener("close", (event) => void this.#ended(event, opened));
  }

  #received(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      this.#unnumbered = true;
      this.#sink.write(new Uint8Array(data));
      return;
    }
    const frame = parse(data);
    if (frame?.type === "output" && typeof frame.data === "string") {
      if (typeof frame.seq === "number") {
        // A frame without text tells a new position, which counts even when it lies before the last one.
        if (this.#since !== null && frame.seq <= this.#since && frame.data !== "") return;
        this.#since = frame.seq;
      } else {
        this.#unnumbered = true;
      }
      this.#sink.write(frame.data);
    } else if (frame?.type === "error") {
      this.#sink.write(`\r\n\x1b[31m${String(frame.data)}\x1b[0m\r\n`);
    } else if (frame?.type === "exit") {
      this.#exit = { code: typeof frame.code === "number" ? frame.code : null };
    }
  }

  async #ended(event: CloseEvent, opened: boolean): Promise<void> {
    if (this.#closed) {
      return;
    }
    if (this.#exit || event.code === ENDED) {
      this.#sink.state({ kind: "exited", code: this.#exit?.code ?? null });
      return;
    }
    this.#sink.state({ kind: opened || this.#since !== null ? "lost" : "connecting" });
    const refusal = opened ? null : await this.#server.refusal().catch(() => null);
    if (this.#closed) {
      return;
    }
    if (refusal) {
      this.#sink.state({ kind: "refused", reason: refusal });
      return;
    }
    this.#timer = setTimeout(() => this.#connect(), this.#delay * (0.75 + Math.random() / 2));
    this.#delay = Math.min(this.#delay * 2, BACKOFF_MAX);
  }

  #send(frame: unknown): void {
    if (this.#isOpen()) this.#socket?.send(JSON.stringify(frame));
  }

  #isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }
}

function parse(data: unknown): Record<string, unknown> | null {
  try {
    const frame: unknown = JSON.parse(String(data));
    return frame && typeof frame === "object" ? (frame as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
