import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Size } from "../api/terminal-address";
import { TerminalConnection, type TerminalState } from "./connection";

/** A socket whose other end is the test. */
class Line extends EventTarget {
  readyState: number = WebSocket.CONNECTING;
  binaryType = "";
  readonly sent: unknown[] = [];
  send(data: unknown) {
    this.sent.push(typeof data === "string" ? JSON.parse(data) : data);
  }
  close() {
    this.readyState = WebSocket.CLOSED;
  }
  opens() {
    this.readyState = WebSocket.OPEN;
    this.dispatchEvent(new Event("open"));
  }
  says(frame: unknown) {
    const data = frame instanceof ArrayBuffer ? frame : JSON.stringify(frame);
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
  ends(code: number) {
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

const SIZE: Size = { rows: 24, cols: 80 };

function setUp(refusal: string | null = null) {
  const lines: Line[] = [];
  const asked: (number | null)[] = [];
  const states: TerminalState["kind"][] = [];
  let screen = "";
  const connection = new TerminalConnection(
    {
      open: (_, since) => {
        const line = new Line();
        lines.push(line);
        asked.push(since);
        return line as unknown as WebSocket;
      },
      refusal: async () => refusal,
    },
    {
      write: (data) => {
        screen += typeof data === "string" ? data : new TextDecoder().decode(data);
      },
      reset: () => {
        screen = "";
      },
      state: (state) => states.push(state.kind),
    },
    SIZE,
  );
  const last = () => lines.at(-1) as Line;
  return { connection, lines, asked, states, last, screen: () => screen };
}

describe("the line to a shell", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("goes on after the last frame when it was lost, and shows no frame twice", async () => {
    const { last, asked, screen, states } = setUp();
    last().opens();
    last().says({ type: "output", data: "one ", seq: 1 });
    last().says({ type: "output", data: "two ", seq: 2 });

    last().ends(1006);
    await vi.advanceTimersByTimeAsync(400);
    last().opens();
    last().says({ type: "output", data: "two ", seq: 2 });
    last().says({ type: "output", data: "three", seq: 3 });

    expect(asked).toEqual([null, 2]);
    expect(screen()).toBe("one two three");
    expect(states).toEqual(["connecting", "open", "lost", "lost", "open"]);
  });

  it("follows a position that begins anew, as after a new shell", () => {
    const { last, screen } = setUp();
    last().opens();
    last().says({ type: "output", data: "old ", seq: 900 });
    last().says({ type: "output", data: "", seq: 0 });
    last().says({ type: "output", data: "new", seq: 3 });
    expect(screen()).toBe("old new");
  });

  it("asks for everything again after raw bytes, which have no number", async () => {
    const { last, asked, screen } = setUp();
    last().opens();
    last().says({ type: "output", data: "$ ", seq: 1 });
    last().says(new TextEncoder().encode("é").buffer as ArrayBuffer);
    expect(screen()).toBe("$ é");

    last().ends(1006);
    await vi.advanceTimersByTimeAsync(400);
    last().opens();
    last().says({ type: "output", data: "$ é", seq: 2 });

    expect(asked).toEqual([null, null]);
    expect(screen()).toBe("$ é");
  });

  it("tells a shell's end with its code, and does not come back by itself", async () => {
    const { last, lines, states, connection } = setUp();
    last().opens();
    last().says({ type: "exit", code: 3 });
    last().ends(1000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toHaveLength(1);
    expect(states.at(-1)).toBe("exited");

    connection.restart();
    expect(lines).toHaveLength(2);
  });

  it("waits longer from try to try, and not at all once it is woken", async () => {
    const { last, lines, connection } = setUp();
    last().ends(1006);
    await vi.advanceTimersByTimeAsync(400);
    expect(lines).toHaveLength(2);
    last().ends(1006);
    await vi.advanceTimersByTimeAsync(300);
    expect(lines).toHaveLength(2);
    connection.wake();
    expect(lines).toHaveLength(3);
  });

  it("gives up when the server says that there is no terminal", async () => {
    const { last, lines, states } = setUp("This server has no terminals.");
    last().ends(1006);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toHaveLength(1);
    expect(states.at(-1)).toBe("refused");
  });

  it("sends what is typed, and a new size once", () => {
    const { last, connection } = setUp();
    connection.input("lost before it opened");
    last().opens();
    connection.input("ls\r");
    connection.resize({ rows: 30, cols: 100 });
    connection.resize({ rows: 30, cols: 100 });
    expect(last().sent).toEqual([
      { type: "input", data: "ls\r" },
      { type: "resize", data: { rows: 30, cols: 100 } },
    ]);
  });
});
