import { describe, expect, it } from "vitest";
import { mergeHistory } from "./history";
import { endTurn, reduce } from "./reduce";
import { type ChatMessage, type ChatState, type Chunk, EMPTY_CHAT, type Part } from "./types";

/** Plays chunks as frames `t1:0`, `t1:1`, … */
function play(chunks: Chunk[], from: ChatState = EMPTY_CHAT, turn = "t1", first = 0): ChatState {
  return chunks.reduce((state, chunk, index) => reduce(state, { turn, seq: first + index, chunk }), from);
}

function only(state: ChatState): ChatMessage {
  expect(state.messages).toHaveLength(1);
  return state.messages[0] as ChatMessage;
}

const START: Chunk = { type: "start", messageId: "m1", messageMetadata: { model: "sonnet" } };

function partsOf(...chunks: Chunk[]): readonly Part[] {
  return only(play([START, ...chunks])).parts;
}

function userMessage(id: string): ChatMessage {
  return {
    id,
    role: "user",
    status: "sending",
    parts: [{ type: "text", partId: "0", text: id, streaming: false }],
  };
}

describe("a turn", () => {
  it("starts a message with its metadata and ends it with a reason", () => {
    const message = only(
      play([
        START,
        { type: "start-step" },
        { type: "finish-step" },
        { type: "finish", finishReason: "length" },
      ]),
    );
    expect(message).toMatchObject({
      id: "m1",
      role: "assistant",
      status: "done",
      finishReason: "length",
      metadata: { model: "sonnet" },
    });
  });

  it("that is aborted keeps what was said", () => {
    const message = only(play([START, { type: "text-delta", id: "a", delta: "half" }, { type: "abort" }]));
    expect(message.status).toBe("aborted");
    expect(message.parts).toEqual([{ type: "text", partId: "a", text: "half", streaming: false }]);
  });

  it("that fails says why, also before it started", () => {
    expect(only(play([START, { type: "error", errorText: "529" }]))).toMatchObject({
      status: "failed",
      error: "529",
    });
    expect(only(play([{ type: "error", errorText: "no sandbox" }]))).toMatchObject({
      status: "failed",
      error: "no sandbox",
    });
  });

  it("takes metadata on the way", () => {
    const message = only(play([START, { type: "message-metadata", messageMetadata: { cost: 1 } }]));
    expect(message.metadata).toEqual({ model: "sonnet", cost: 1 });
  });

  it("whose stream ended without a word is closed", () => {
    const state = endTurn(play([START, { type: "text-start", id: "a" }]), "t1");
    expect(only(state).status).toBe("done");
    expect(endTurn(state, "t1")).toBe(state);
    expect(endTurn(state, "never heard of")).toBe(state);
  });
});

describe("text and reasoning", () => {
  it.each(["text", "reasoning"])("%s grows by deltas and closes", (type) => {
    expect(
      partsOf(
        { type: `${type}-start`, id: "a" },
        { type: `${type}-delta`, id: "a", delta: "one " },
        { type: `${type}-delta`, id: "a", delta: "two" },
        { type: `${type}-end`, id: "a" },
      ),
    ).toEqual([{ type, partId: "a", text: "one two", streaming: false }]);
  });

  it("an id used again after its end begins a new part", () => {
    const parts = partsOf(
      { type: "text-start", id: "a" },
      { type: "text-delta", id: "a", delta: "one" },
      { type: "text-end", id: "a" },
      { type: "text-start", id: "a" },
      { type: "text-delta", id: "a", delta: "two" },
    );
    expect(parts.map((part) => part.type === "text" && part.text)).toEqual(["one", "two"]);
  });

  it("a delta whose start was missed is not lost", () => {
    expect(partsOf({ type: "text-delta", id: "unknown", delta: "said" })).toMatchObject([{ text: "said" }]);
  });

  it("the end of an unknown part changes nothing", () => {
    expect(partsOf({ type: "text-end", id: "unknown" }, { type: "reasoning-end", id: "unknown" })).toEqual(
      [],
    );
  });
});

describe("a tool call", () => {
  const begun: Chunk[] = [
    { type: "tool-input-start", toolCallId: "c", toolName: "Bash", title: "List files", dynamic: true },
    { type: "tool-input-delta", toolCallId: "c", inputTextDelta: '{"command"' },
    { type: "tool-input-delta", toolCallId: "c", inputTextDelta: ':"ls"}' },
  ];
  const available: Chunk = {
    type: "tool-input-available",
    toolCallId: "c",
    toolName: "Bash",
    input: { command: "ls" },
  };

  it("streams its input", () => {
    expect(partsOf(...begun)).toMatchObject([
      {
        type: "tool",
        toolName: "Bash",
        title: "List files",
        state: "input-streaming",
        inputText: '{"command":"ls"}',
      },
    ]);
  });

  it("has output so far, then its output", () => {
    const soFar = partsOf(...begun, available, {
      type: "tool-output-available",
      toolCallId: "c",
      output: "a",
      preliminary: true,
    });
    expect(soFar).toMatchObject([{ state: "output-available", preliminary: true, output: "a" }]);
    const final = partsOf(...begun, available, {
      type: "tool-output-available",
      toolCallId: "c",
      output: "a b",
    });
    expect(final).toMatchObject([
      {
        state: "output-available",
        preliminary: false,
        output: "a b",
        input: { command: "ls" },
        title: "List files",
      },
    ]);
  });

  it("fails in its input or its output", () => {
    expect(
      partsOf({
        type: "tool-input-error",
        toolCallId: "c",
        toolName: "Bash",
        input: "{",
        errorText: "bad JSON",
      }),
    ).toMatchObject([{ state: "output-error", errorText: "bad JSON" }]);
    expect(
      partsOf(available, { type: "tool-output-error", toolCallId: "c", errorText: "exit 1" }),
    ).toMatchObject([{ state: "output-error", errorText: "exit 1" }]);
  });

  it("waits for approval, and goes on or is denied", () => {
    const asked: Chunk[] = [available, { type: "tool-approval-request", approvalId: "p", toolCallId: "c" }];
    expect(partsOf(...asked)).toMatchObject([{ state: "approval-requested" }]);
    expect(
      partsOf(...asked, { type: "tool-approval-response", approvalId: "p", toolCallId: "c", approved: true }),
    ).toMatchObject([{ state: "input-available" }]);
    expect(partsOf(...asked, { type: "tool-output-denied", toolCallId: "c" })).toMatchObject([
      { state: "output-denied" },
    ]);
  });

  it("an approval's answer that names no tool call changes nothing", () => {
    const parts = partsOf(available, { type: "tool-approval-response", approvalId: "p", approved: true });
    expect(parts).toMatchObject([{ state: "input-available" }]);
  });

  it("an output whose input was missed is shown all the same", () => {
    expect(partsOf({ type: "tool-output-available", toolCallId: "unknown", output: 1 })).toMatchObject([
      { toolCallId: "unknown", toolName: "tool", output: 1 },
    ]);
  });
});

describe("other parts", () => {
  it("files and sources are kept", () => {
    expect(
      partsOf(
        { type: "file", url: "data:x", mediaType: "text/plain" },
        { type: "source-url", sourceId: "s1", url: "https://a" },
        { type: "source-document", sourceId: "s2", mediaType: "text/plain", title: "T" },
      ).map((part) => part.type),
    ).toEqual(["file", "source", "source"]);
  });

  it("data with the same type and id replaces, without an id it adds", () => {
    const parts = partsOf(
      { type: "data-plan", id: "p", data: 1 },
      { type: "data-plan", id: "p", data: 2 },
      { type: "data-note", data: 3 },
      { type: "data-note", data: 4 },
    );
    expect(parts.map((part) => part.type === "data" && part.data)).toEqual([2, 3, 4]);
  });

  it("transient data is for now, not for the message", () => {
    const state = play([START, { type: "data-usage", data: { used: 7 }, transient: true }]);
    expect(only(state).parts).toEqual([]);
    expect(state.live).toEqual({ usage: { used: 7 } });
  });

  it("a type from the future is skipped and the stream goes on", () => {
    expect(
      partsOf({ type: "hologram", id: "h" }, { type: "text-delta", id: "a", delta: "after" }),
    ).toMatchObject([{ text: "after" }]);
  });
});

describe("resuming", () => {
  const chunks: Chunk[] = [
    START,
    { type: "text-start", id: "a" },
    { type: "text-delta", id: "a", delta: "one " },
    { type: "text-delta", id: "a", delta: "two " },
    { type: "text-delta", id: "a", delta: "three" },
    { type: "text-end", id: "a" },
    { type: "finish" },
  ];
  const whole = play(chunks);

  it("with the rest of the turn gives the same, wherever it was cut", () => {
    for (let cut = 1; cut < chunks.length; cut++) {
      expect(play(chunks.slice(cut), play(chunks.slice(0, cut)), "t1", cut)).toEqual(whole);
    }
  });

  it("from the start again gives the same, wherever it was cut", () => {
    for (let cut = 1; cut < chunks.length; cut++) {
      expect(play(chunks, play(chunks.slice(0, cut)))).toEqual(whole);
    }
  });

  it("by two connections at once gives each chunk once", () => {
    const twice = chunks.reduce((state, chunk, seq) => {
      const placed = { turn: "t1", seq, chunk };
      return reduce(reduce(state, placed), placed);
    }, EMPTY_CHAT);
    expect(twice).toEqual(whole);
  });

  it("of a message that history already holds in part replaces it", () => {
    const stored = mergeHistory(EMPTY_CHAT, [
      { id: "m1", role: "assistant", parts: [{ type: "text", text: "one " }] },
    ]);
    expect(only(play(chunks, stored)).parts).toEqual(only(whole).parts);
  });

  it("without frame ids a replay begins anew at its start", () => {
    const twice = [...chunks.slice(0, 3), ...chunks].reduce(
      (state, chunk) => reduce(state, { turn: "reader", seq: null, chunk }),
      EMPTY_CHAT,
    );
    expect(only(twice).parts).toEqual(only(whole).parts);
  });
});

describe("two turns", () => {
  it("do not mix, although their chunks come in turns", () => {
    let state = reduce(EMPTY_CHAT, { turn: "a", seq: 0, chunk: { type: "start", messageId: "ma" } });
    state = reduce(state, { turn: "b", seq: 0, chunk: { type: "start", messageId: "mb" } });
    state = reduce(state, { turn: "a", seq: 1, chunk: { type: "text-delta", id: "1", delta: "A" } });
    state = reduce(state, { turn: "b", seq: 1, chunk: { type: "text-delta", id: "1", delta: "B" } });
    expect(state.messages.map((message) => [message.id, message.parts[0]])).toMatchObject([
      ["ma", { text: "A" }],
      ["mb", { text: "B" }],
    ]);
  });

  it("a queued message waits beside the transcript until its turn starts", () => {
    const running = play([START]);
    const sent = { ...running, messages: [...running.messages, userMessage("u2")] };
    const queued = reduce(sent, {
      turn: "t2",
      seq: 0,
      promptId: "u2",
      chunk: { type: "data-queued", data: {} },
    });
    expect(queued.queue.map((message) => message.id)).toEqual(["u2"]);
    expect(queued.messages.map((message) => message.id)).toEqual(["m1"]);
    const ended = reduce(queued, { turn: "t1", seq: 1, chunk: { type: "finish" } });
    const next = reduce(ended, {
      turn: "t2",
      seq: 1,
      promptId: "u2",
      chunk: { type: "start", messageId: "m2" },
    });
    expect(next.queue).toEqual([]);
    expect(next.messages.map((message) => [message.id, message.status])).toEqual([
      ["m1", "done"],
      ["u2", "done"],
      ["m2", "streaming"],
    ]);
  });
});

describe("a turn that is accepted while another one runs", () => {
  const accepted = (from: ChatState) =>
    reduce(from, { turn: "t2", seq: 0, promptId: "u2", chunk: { type: "start", messageId: "m2" } });
  const running = play([START]);
  const sent = { ...running, messages: [...running.messages, userMessage("u2")] };

  it("stays out of the transcript until its own first chunk", () => {
    const waiting = accepted(sent);
    expect(waiting.messages.map((message) => message.id)).toEqual(["m1"]);
    expect(waiting.queue.map((message) => message.id)).toEqual(["u2"]);
    const ended = reduce(waiting, { turn: "t1", seq: 1, chunk: { type: "finish" } });
    const begun = reduce(ended, { turn: "t2", seq: 1, promptId: "u2", chunk: { type: "start-step" } });
    expect(begun.messages.map((message) => message.id)).toEqual(["m1", "u2", "m2"]);
    expect(begun.queue).toEqual([]);
  });

  it("goes back to the queue when the server says so only after its start", () => {
    const idle = { ...EMPTY_CHAT, messages: [userMessage("u2")] };
    const queued = reduce(accepted(idle), {
      turn: "t2",
      seq: 1,
      promptId: "u2",
      chunk: { type: "data-queued" },
    });
    expect(queued.messages).toEqual([]);
    expect(queued.queue.map((message) => message.id)).toEqual(["u2"]);
  });
});

describe("an answer", () => {
  it("comes right after its prompt, though another one waits behind that", () => {
    const reloaded = mergeHistory(EMPTY_CHAT, [
      { id: "u1", role: "user" },
      { id: "u2", role: "user" },
    ]);
    const begun = (state: ChatState, turn: string, prompt: string) =>
      play(
        [
          { type: "start", messageId: `to-${prompt}`, messageMetadata: { userMessageId: prompt } },
          { type: "finish" },
        ],
        state,
        turn,
      );
    const both = begun(begun(reloaded, "t1", "u1"), "t2", "u2");
    expect(both.messages.map((message) => message.id)).toEqual(["u1", "to-u1", "u2", "to-u2"]);
  });

  it("takes its prompt out of the queue, though the connection that sent it is gone", () => {
    const queue = [userMessage("u1")];
    const begun = play([{ ...START, messageMetadata: { userMessageId: "u1" } }], { ...EMPTY_CHAT, queue });
    expect(begun.queue).toEqual([]);
    expect(begun.messages.map((message) => message.id)).toEqual(["u1", "m1"]);
  });
});

describe("history", () => {
  it("puts an answer after its prompt, though another prompt was queued meanwhile", () => {
    const page = [
      { id: "u1", role: "user" },
      { id: "u2", role: "user" },
      { id: "m1", role: "assistant", metadata: { userMessageId: "u1" } },
      { id: "m2", role: "assistant", metadata: { userMessageId: "u2" } },
    ];
    expect(mergeHistory(EMPTY_CHAT, page).messages.map((message) => message.id)).toEqual([
      "u1",
      "m1",
      "u2",
      "m2",
    ]);
  });

  it("tells how a turn ended", () => {
    const page = [
      { id: "a", role: "assistant", metadata: { outcome: "aborted" } },
      { id: "f", role: "assistant", parts: [{ type: "data-error", id: "error", data: { message: "529" } }] },
    ];
    expect(mergeHistory(EMPTY_CHAT, page).messages).toMatchObject([
      { id: "a", status: "aborted" },
      { id: "f", status: "failed", error: "529" },
    ]);
  });

  it("comes oldest first, whichever way round the page is", () => {
    const page = [
      { id: "2", role: "assistant", createdAt: "2026-01-01T00:00:02Z" },
      { id: "1", role: "user", createdAt: "2026-01-01T00:00:01Z" },
    ];
    expect(mergeHistory(EMPTY_CHAT, page).messages.map((message) => message.id)).toEqual(["1", "2"]);
  });

  it("leaves a message that streams, and one being sent, as they are", () => {
    const live = play([START, { type: "text-delta", id: "a", delta: "now" }], {
      ...EMPTY_CHAT,
      messages: [userMessage("u1")],
    });
    const merged = mergeHistory(live, [{ id: "m1", role: "assistant", parts: [] }]);
    expect(merged.messages.map((message) => [message.id, message.status])).toEqual([
      ["u1", "sending"],
      ["m1", "streaming"],
    ]);
    expect(merged.messages[1]?.parts).toMatchObject([{ text: "now" }]);
  });

  it("reads static and dynamic tools, data and unknown parts", () => {
    const merged = mergeHistory(EMPTY_CHAT, [
      {
        id: "m",
        role: "assistant",
        parts: [
          { type: "step-start" },
          { type: "tool-Bash", toolCallId: "1", state: "output-available", input: {}, output: "x" },
          {
            type: "dynamic-tool",
            toolName: "Read",
            toolCallId: "2",
            state: "output-error",
            errorText: "gone",
          },
          { type: "data-plan", id: "plan", data: [] },
          { type: "hologram" },
        ],
      },
    ]);
    expect(merged.messages[0]?.parts).toMatchObject([
      { type: "tool", toolName: "Bash", state: "output-available", output: "x" },
      { type: "tool", toolName: "Read", state: "output-error", errorText: "gone" },
      { type: "data", name: "plan" },
    ]);
  });
});
