import { describe, expect, it } from "vitest";
import { completed, triggerAt } from "./suggestions";

describe("suggestions while typing", () => {
  it("come for a slash at the beginning only", () => {
    expect(triggerAt("/com", 4)).toMatchObject({ kind: "command", query: "com" });
    expect(triggerAt("/", 1)).toMatchObject({ kind: "command", query: "" });
    expect(triggerAt("/compact now", 12)).toBeNull();
    expect(triggerAt("either/or", 9)).toBeNull();
  });

  it("come for an @ at a word's beginning, where the caret is", () => {
    expect(triggerAt("look at @src/Ma and so on", 15)).toMatchObject({
      kind: "file",
      query: "src/Ma",
      from: 8,
    });
    expect(triggerAt("mail me@example.com", 19)).toBeNull();
    expect(triggerAt("@a b", 4)).toBeNull();
  });

  it("replace what was typed and leave the rest", () => {
    const text = "look at @src/Ma and so on";
    const trigger = triggerAt(text, 15);
    expect(trigger && completed(text, trigger, "src/Main.java")).toEqual({
      text: "look at @src/Main.java and so on",
      caret: 23,
    });
    const slash = triggerAt("/com", 4);
    expect(slash && completed("/com", slash, "compact")).toEqual({ text: "/compact ", caret: 9 });
  });
});
