import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ChatFrame, ProjectEvents } from "./events";

/** The gateway: each stream as it was asked for, open until the test ends it. */
class Gateway {
  readonly streams: { url: URL; say: (text: string) => void; end: () => void }[] = [];
  readonly subscriptions: { stream: string; sessions: string[] }[] = [];
  refuses = 0;

  readonly fetch = async (path: string, init: RequestInit = {}): Promise<Response> => {
    if (path.endsWith("/subscriptions")) {
      this.subscriptions.push(JSON.parse(String(init.body)));
      return Response.json({});
    }
    if (this.refuses > 0) {
      return Response.json({ title: "refused" }, { status: this.refuses });
    }
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const encoder = new TextEncoder();
        const end = () => controller.close();
        this.streams.push({
          url: new URL(path, "http://gateway"),
          say: (text) => controller.enqueue(encoder.encode(text)),
          end,
        });
        init.signal?.addEventListener("abort", () => controller.error(new Error("aborted")));
      },
    });
    return new Response(body);
  };
}

/** Web Locks as far as they are used: the first who asks has it until its promise ends, then the next. */
class Locks {
  #held = false;
  readonly #waiting: (() => void)[] = [];

  async request(_: string, options: { signal: AbortSignal }, work: () => Promise<void>): Promise<void> {
    if (this.#held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (options.signal.aborted) {
      this.#waiting.shift()?.();
      return;
    }
    this.#held = true;
    await work();
    this.#held = false;
    this.#waiting.shift()?.();
  }
}

let gateway: Gateway;
const open: ProjectEvents[] = [];

beforeEach(() => {
  gateway = new Gateway();
  vi.stubGlobal("fetch", gateway.fetch);
  vi.stubGlobal("navigator", { locks: new Locks() });
});

afterEach(() => {
  for (const tab of open.splice(0)) tab.close();
  vi.unstubAllGlobals();
});

function tab(onConnected: (connected: boolean) => void = () => undefined): ProjectEvents {
  const events = new ProjectEvents("local", onConnected);
  open.push(events);
  return events;
}

/** What a follower heard, in its order. */
function following(events: ProjectEvents, session: string) {
  const heard: string[] = [];
  const stop = events.follow(session, {
    frame: (frame: ChatFrame) => heard.push(frame.done ? "done" : String(frame.id)),
    lost: () => heard.push("lost"),
  });
  return { heard, stop };
}

const event = (id: string, type: string) =>
  `id: ${id}\nevent: ${type}\ndata: {"type":"${type}","data":{"n":1}}\n\n`;
const chat = (position: string, session: string, rest: object) =>
  `id: ${position}\nevent: chat\ndata: ${JSON.stringify({ sessionId: session, ...rest })}\n\n`;
const stream = (index: number) => gateway.streams[index] as Gateway["streams"][number];

describe("the events of a project", () => {
  it("come by one connection to all tabs, each type as it is", async () => {
    const [first, second] = [tab(), tab()];
    const heard: string[][] = [[], []];
    first.subscribe((one) => heard[0]?.push(`${one.id} ${one.type}`));
    second.subscribe((one) => heard[1]?.push(`${one.id} ${one.type}`));
    await vi.waitFor(() => expect(gateway.streams).toHaveLength(1));
    stream(0).say(event("0-7", "session_updated"));
    stream(0).say(event("0-8", "something_new"));
    await vi.waitFor(() => expect(heard[1]).toEqual(["0-7 session_updated", "0-8 something_new"]));
    expect(heard[0]).toEqual(heard[1]);
    expect(gateway.streams).toHaveLength(1);
  });

  it("are read on by the next tab from where the first one was", async () => {
    const [first, second] = [tab(), tab()];
    const heard: string[] = [];
    second.subscribe((one) => heard.push(String(one.id)));
    await vi.waitFor(() => expect(gateway.streams).toHaveLength(1));
    stream(0).say(event("0-7", "session_updated"));
    await vi.waitFor(() => expect(heard).toEqual(["0-7"]));
    first.close();
    await vi.waitFor(() => expect(gateway.streams).toHaveLength(2));
    expect(stream(1).url.searchParams.get("after")).toBe("0-7");
    expect(stream(1).url.searchParams.get("stream")).toBe(stream(0).url.searchParams.get("stream"));
  });

  it("are asked for again after the last position when the connection ends, and all tabs know", async () => {
    const states: boolean[][] = [[], []];
    tab((connected) => states[0]?.push(connected));
    tab((connected) => states[1]?.push(connected));
    await vi.waitFor(() => expect(gateway.streams).toHaveLength(1));
    stream(0).say("id: 0-3\nevent: connected\ndata: {}\n\n");
    await vi.waitFor(() => expect(states[1]?.at(-1)).toBe(true));
    stream(0).end();
    await vi.waitFor(() => expect(states[1]?.at(-1)).toBe(false));
    await vi.waitFor(() => expect(gateway.streams).toHaveLength(2), 3_000);
    expect(stream(1).url.searchParams.get("after")).toBe("0-3");
    await vi.waitFor(() => expect(states[1]?.at(-1)).toBe(true));
    expect(states[0]?.at(-1)).toBe(true);
  });

  it("come to each tab by itself where the browser has no locks", async () => {
    vi.stubGlobal("navigator", {});
    tab();
    tab();
    await vi.waitFor(() => expect(gateway.streams).toHaveLength(2));
    const names = gateway.streams.map(({ url }) => url.searchParams.get("stream"));
    expect(new Set(names).size).toBe(2);
  });
});

describe("conversations", () => {
  it("are subscribed to for all tabs together, and no longer than any of them wants", async () => {
    const [first, second] = [tab(), tab()];
    const one = following(first, "s1");
    const two = following(second, "s2");
    await vi.waitFor(() => expect(gateway.subscriptions.at(-1)?.sessions).toEqual(["s1", "s2"]));
    stream(0).say(chat("0-1~s2=t:1", "s2", { id: "t:1", chunk: { type: "start" } }));
    stream(0).say(chat("0-1~s2=t:1", "s2", { id: "", done: true }));
    await vi.waitFor(() => expect(two.heard).toEqual(["t:1", "done"]));
    expect(one.heard).toEqual([]);
    two.stop();
    await vi.waitFor(() => expect(gateway.subscriptions.at(-1)?.sessions).toEqual(["s1"]));
    expect(new Set(gateway.subscriptions.map((each) => each.stream)).size).toBe(1);
  });

  it("are taken over by the next tab with its own and the others' wishes", async () => {
    const [first, second, third] = [tab(), tab(), tab()];
    const { heard } = following(second, "s2");
    following(third, "s3");
    const gone = following(first, "s1");
    await vi.waitFor(() => expect(gateway.subscriptions.at(-1)?.sessions).toEqual(["s1", "s2", "s3"]));
    stream(0).say(chat("0-1~s2=t:9", "s2", { id: "t:9", chunk: { type: "text-delta" } }));
    await vi.waitFor(() => expect(heard).toEqual(["t:9"]));
    gone.stop();
    first.close();
    await vi.waitFor(() => expect(gateway.streams).toHaveLength(2));
    await vi.waitFor(() => expect(gateway.subscriptions.at(-1)?.sessions).toEqual(["s2", "s3"]));
    expect(stream(1).url.searchParams.get("after")).toBe("0-1~s2=t:9");
  });

  it("are told when the line breaks, once", async () => {
    const first = tab();
    const { heard } = following(first, "s1");
    await vi.waitFor(() => expect(first.connected).toBe(true));
    gateway.refuses = 503;
    stream(0).end();
    await vi.waitFor(() => expect(heard).toEqual(["lost"]));
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(heard).toEqual(["lost"]);
  });
});
