import { describe, expect, it } from "vitest";
import { SseParser } from "./sse";

describe("the event stream parser", () => {
  it("gives frames with id, event and joined data lines", () => {
    const frames = new SseParser().push("id: t1:3\nevent: chunk\ndata: a\ndata: b\n\n");
    expect(frames).toEqual([{ id: "t1:3", event: "chunk", data: "a\nb" }]);
  });

  it("gives the same frames wherever the stream is cut", () => {
    const stream = ': hello\r\n\r\nid: 1\r\ndata: {"a":1}\r\n\r\ndata: [DONE]\r\n\r\n';
    const whole = new SseParser().push(stream);
    for (let cut = 1; cut < stream.length; cut++) {
      const parser = new SseParser();
      expect([...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))]).toEqual(whole);
    }
    expect(whole).toEqual([
      { id: "1", event: "message", data: '{"a":1}' },
      { id: null, event: "message", data: "[DONE]" },
    ]);
  });

  it("takes comments for heartbeats and gives nothing for them", () => {
    expect(new SseParser().push(": heartbeat\n\n")).toEqual([]);
  });
});
