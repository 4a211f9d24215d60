import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChatFollower } from "@/lib/events";
import { ChatStore } from "./chat-store";
import type { Chunk } from "./types";

const CHUNKS: Chunk[] = [
  { type: "start", messageId: "m1" },
  { type: "text-start", id: "a" },
  { type: "text-delta", id: "a", delta: "one " },
  { type: "text-delta", id: "a", delta: "two" },
  { type: "text-end", id: "a" },
  { type: "finish", finishReason: "stop" },
];
const DONE = "data: [DONE]\n\n";

/** The frames `t1:<seq>` from one chunk to another. */
function frames(from: number, to: number): string {
  return CHUNKS.slice(from, to)
    .map((chunk, index) => `id: t1:${from + index}\ndata: ${JSON.stringify(chunk)}\n\n`)
    .join("");
}

/** A stream that breaks after its text, unless it ended with `[DONE]`. */
function stream(text: string): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      if (text.endsWith(DONE)) controller.close();
      else setTimeout(() => controller.error(new Error("connection reset")), 20);
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

interface Server {
  messages: () => Response;
  post: () => Response;
  /** One answer per request, the last one for all that follow. */
  resume: ((lastEventId: string | null) => Response)[];
}

function serve(server: Partial<Server>) {
  const resumedFrom: (string | null)[] = [];
  const fetched = vi.fn(async (path: string, init: RequestInit = {}) => {
    if (path.includes("/messages")) {
      return server.messages?.() ?? Response.json({ messages: [], nextCursor: null });
    }
    if (path.endsWith("/stream")) {
      const last = new Headers(init.headers).get("last-event-id");
      const answers = server.resume ?? [];
      const answer = answers[Math.min(resumedFrom.length, answers.length - 1)];
      resumedFrom.push(last);
      return answer?.(last) ?? new Response(null, { status: 204 });
    }
    return server.post?.() ?? new Response(null, { status: 500 });
  });
  vi.stubGlobal("fetch", fetched);
  return resumedFrom;
}

const idle = () => new Response(null, { status: 204 });
let store: ChatStore;

beforeEach(() => {
  store = new ChatStore("local", "s1");
});

afterEach(() => {
  store.detach();
  vi.unstubAllGlobals();
});

const texts = () =>
  store
    .getSnapshot()
    .messages.map((message) => message.parts.map((part) => (part.type === "text" ? part.text : "")).join(""));

describe("a conversation", () => {
  it("shows the user's message at once and then the streamed answer", async () => {
    serve({ post: () => stream(frames(0, 6) + DONE) });
    const sent = store.send({ text: "hello" }, "u1");
    expect(store.getSnapshot().messages).toMatchObject([{ id: "u1", status: "sending" }]);
    await sent;
    expect(texts()).toEqual(["hello", "one two"]);
    expect(store.getSnapshot()).toMatchObject({ streaming: false, queue: [] });
  });

  it.each([1, 2, 3, 4, 5])(
    "goes on after the last frame seen when the connection breaks after %i frames",
    async (cut) => {
      const resumedFrom = serve({
        post: () => stream(frames(0, cut)),
        resume: [() => stream(frames(cut, 6) + DONE), idle],
      });
      store.attach();
      await store.send({ text: "hello" }, "u1");
      await vi.waitFor(() => expect(store.getSnapshot().messages.at(-1)?.status).toBe("done"));
      expect(resumedFrom).toContain(`t1:${cut - 1}`);
      expect(texts()).toEqual(["hello", "one two"]);
    },
  );

  it("tries again when the resumed stream breaks as well, and says that it does", async () => {
    serve({
      resume: [
        () => stream(frames(0, 3)),
        () => new Response(null, { status: 503 }),
        () => stream(frames(3, 6) + DONE),
        idle,
      ],
    });
    const seen: boolean[] = [];
    store.subscribe(() => seen.push(store.getSnapshot().reconnecting));
    store.attach();
    await vi.waitFor(() => expect(store.getSnapshot().messages.at(-1)?.status).toBe("done"), {
      timeout: 4_000,
    });
    expect(texts()).toEqual(["one two"]);
    expect(seen).toContain(true);
    await vi.waitFor(() => expect(store.getSnapshot().reconnecting).toBe(false));
  });

  it("that ended while nobody was connected comes from history", async () => {
    const answer = { id: "m1", role: "assistant", parts: [{ type: "text", text: "one two three" }] };
    let ended = false;
    serve({
      messages: () => Response.json({ messages: ended ? [answer] : [], nextCursor: null }),
      resume: [
        () => {
          ended = true;
          return stream(frames(0, 3));
        },
        idle,
      ],
    });
    store.attach();
    await vi.waitFor(() => expect(texts()).toEqual(["one two three"]), { timeout: 4_000 });
    expect(store.getSnapshot().streaming).toBe(false);
  });

  it("keeps a message that the server refused, with the reason, and sends it again under the same id", async () => {
    const problem = { title: "Full", status: 409, detail: "20 messages wait already." };
    let refused = false;
    serve({
      post: () => {
        if (refused) return stream(frames(0, 6) + DONE);
        refused = true;
        return Response.json(problem, {
          status: 409,
          headers: { "content-type": "application/problem+json" },
        });
      },
    });
    await store.send({ text: "hello" }, "u1");
    expect(store.getSnapshot().messages).toMatchObject([
      { id: "u1", status: "unsent", error: problem.detail },
    ]);
    await store.send({ text: "hello" }, "u1");
    expect(texts()).toEqual(["hello", "one two"]);
  });

  it("that cannot be read says why", async () => {
    serve({
      messages: () => Response.json({ title: "No such session", detail: "It was deleted." }, { status: 404 }),
    });
    store.attach();
    await vi.waitFor(() =>
      expect(store.getSnapshot()).toMatchObject({ phase: "failed", loadError: "It was deleted." }),
    );
  });

  it("stops asking for a session that is gone", async () => {
    const resumedFrom = serve({ resume: [() => new Response(null, { status: 404 })] });
    store.attach();
    await vi.waitFor(() => expect(resumedFrom).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(resumedFrom).toHaveLength(1);
  });
});

/** The line that all tabs share, with this conversation on it. */
class Line {
  connected = true;
  follower: ChatFollower | null = null;

  readonly follow = (_: string, follower: ChatFollower) => {
    this.follower = follower;
    return () => {
      this.follower = null;
    };
  };

  say(from: number, to: number): void {
    for (const [index, chunk] of CHUNKS.slice(from, to).entries())
      this.follower?.frame({ id: `t1:${from + index}`, chunk, done: false });
  }

  done(): void {
    this.follower?.frame({ id: null, chunk: undefined, done: true });
  }
}

/** A stream that stays open after its text, and tells when nobody reads it any more. */
function openStream(text: string, onCancel: () => void): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    cancel: onCancel,
  });
  return new Response(body);
}

describe("a conversation on the line that all tabs share", () => {
  let line: Line;

  beforeEach(() => {
    line = new Line();
    store.join(line);
  });

  it("needs no connection of its own", async () => {
    const resumedFrom = serve({ resume: [idle] });
    store.attach();
    await vi.waitFor(() => expect(resumedFrom).toHaveLength(1));
    line.say(0, 4);
    await vi.waitFor(() => expect(texts()).toEqual(["one two"]));
    await store.follow();
    expect(resumedFrom).toHaveLength(1);
    line.say(4, 6);
    line.done();
    await vi.waitFor(() => expect(store.getSnapshot().messages.at(-1)?.status).toBe("done"));
    expect(store.getSnapshot().streaming).toBe(false);
  });

  it("fetches what was said before, once, and gives the connection back where the line has caught up", async () => {
    const cancelled = vi.fn();
    const resumedFrom = serve({ resume: [idle, () => openStream(frames(0, 3), cancelled), idle] });
    store.attach();
    await vi.waitFor(() => expect(resumedFrom).toHaveLength(1));
    line.say(2, 3);
    await vi.waitFor(() => expect(texts()).toEqual(["one "]));
    expect(cancelled).not.toHaveBeenCalled();
    line.say(3, 4);
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce());
    line.say(4, 6);
    line.done();
    await vi.waitFor(() => expect(store.getSnapshot().messages.at(-1)?.status).toBe("done"));
    expect(texts()).toEqual(["one two"]);
  });

  it("gives the connection of a message that was sent back as well", async () => {
    const cancelled = vi.fn();
    serve({ post: () => openStream(frames(0, 3), cancelled), resume: [idle] });
    store.attach();
    const sent = store.send({ text: "hello" }, "u1");
    await vi.waitFor(() => expect(texts()).toEqual(["hello", "one "]));
    line.say(0, 4);
    await sent;
    expect(cancelled).toHaveBeenCalledOnce();
    expect(store.getSnapshot().streaming).toBe(true);
    await vi.waitFor(() => expect(texts()).toEqual(["hello", "one two"]));
  });

  it("goes on by a connection of its own while the line is broken, and nothing comes twice", async () => {
    const resumedFrom = serve({ resume: [idle, () => stream(frames(3, 6) + DONE), idle] });
    store.attach();
    await vi.waitFor(() => expect(resumedFrom).toHaveLength(1));
    line.say(0, 3);
    await vi.waitFor(() => expect(texts()).toEqual(["one "]));
    line.connected = false;
    line.follower?.lost();
    await vi.waitFor(() => expect(store.getSnapshot().messages.at(-1)?.status).toBe("done"));
    expect(resumedFrom[1]).toBe("t1:2");
    line.say(1, 6);
    line.done();
    expect(texts()).toEqual(["one two"]);
  });

  it("is not followed any longer than somebody looks", () => {
    serve({ resume: [idle] });
    store.attach();
    expect(line.follower).not.toBeNull();
    store.detach();
    expect(line.follower).toBeNull();
  });
});
