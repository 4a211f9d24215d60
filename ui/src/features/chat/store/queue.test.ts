import { describe, expect, it } from "vitest";
import { moved, syncQueue } from "./queue";
import { type ChatMessage, type ChatState, EMPTY_CHAT } from "./types";

const said = (id: string, text: string, more: Partial<ChatMessage> = {}): ChatMessage => ({
  id,
  role: "user",
  status: "done",
  parts: [{ type: "text", partId: "0", text, streaming: false }],
  ...more,
});
const queued = (turnId: string, id: string, text: string) => ({
  turnId,
  message: { id, role: "user", parts: [{ type: "text", text }] },
});
const textsOf = (state: ChatState) =>
  state.queue.map(({ parts: [part] }) => (part?.type === "text" ? part.text : ""));

describe("the messages that wait", () => {
  it("take the server's words and order, and keep what it does not know yet", () => {
    const state = { ...EMPTY_CHAT, queue: [said("u1", "one"), said("u2", "two", { status: "sending" })] };
    const synced = syncQueue(state, [
      queued("t9", "u9", "from elsewhere"),
      queued("t1", "u1", "one, edited"),
    ]);
    expect(textsOf(synced)).toEqual(["from elsewhere", "one, edited", "two"]);
    expect(synced.queue.map((message) => message.turnId)).toEqual(["t9", "t1", undefined]);
  });

  it("leave the transcript, where a reload has put them", () => {
    const state = { ...EMPTY_CHAT, messages: [said("u1", "one"), said("u2", "two")] };
    const synced = syncQueue(state, [queued("t2", "u2", "two")]);
    expect(synced.messages.map((message) => message.id)).toEqual(["u1"]);
    expect(textsOf(synced)).toEqual(["two"]);
  });

  it("are gone once the server no longer has them, and do not come back when their turn has begun", () => {
    const turns = { t2: { seq: 3, messageId: "m2", promptId: "u2", began: true, ended: false } };
    const state = { ...EMPTY_CHAT, turns, queue: [said("u1", "one", { turnId: "t1" })] };
    expect(syncQueue(state, [queued("t2", "u2", "two")]).queue).toEqual([]);
  });

  it("stay the same state when nothing changed, so that nothing is drawn again", () => {
    const once = syncQueue(EMPTY_CHAT, [queued("t1", "u1", "one")]);
    expect(syncQueue(once, [queued("t1", "u1", "one")])).toBe(once);
  });

  it("move by one place, within the list", () => {
    const queue = [said("u1", "", { turnId: "t1" }), said("u2", "", { turnId: "t2" }), said("u3", "")];
    expect(moved(queue, "u2", -1)).toEqual(["t2", "t1"]);
    expect(moved(queue, "u1", 1)).toEqual(["t2", "t1"]);
    expect(moved(queue, "u1", -1)).toBeNull();
    expect(moved(queue, "u2", 1)).toBeNull();
    expect(moved(queue, "u3", -1)).toBeNull();
  });
});
