import { describe, expect, it } from "vitest";
import { GRAMMARS } from "./grammars";
import { languageOf } from "./languages";
import { tokensOf } from "./tokens";

describe("colours of code", () => {
  it("come from the file's name", () => {
    expect(languageOf("src/App.TSX")).toBe("tsx");
    expect(languageOf("docker/Dockerfile")).toBe("docker");
    expect(languageOf("notes")).toBeNull();
    expect(languageOf("a.unknown")).toBeNull();
  });

  it("lose nothing of the text", async () => {
    const code = 'class A {\n  // one\n  String s = "x";\n}\n';
    const lines = await tokensOf(code, "java");
    expect(lines.map((line) => line.map(([text]) => text).join("")).join("\n")).toBe(code);
    const kinds = new Set(lines.flat().map(([, kind]) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(["keyword", "comment"]));
  });

  it("can be had for every language that a name leads to", async () => {
    const files = [
      "a.kt",
      "a.ts",
      "a.jsx",
      "a.json",
      "a.py",
      "a.go",
      "a.rs",
      "a.h",
      "a.cpp",
      "a.sh",
      "a.yml",
    ];
    for (const language of files.map(languageOf)) expect(GRAMMARS).toHaveProperty([String(language)]);
    expect(await tokensOf("key: 1", "yaml")).not.toEqual([]);
  });
});
