import { describe, expect, it } from "vitest";
import { parsePatch } from "./parse";
import { rowsOf } from "./rows";

const MODIFIED = `diff --git a/src/A.java b/src/A.java
index 1111111..2222222 100644
--- a/src/A.java
+++ b/src/A.java
@@ -1,4 +1,5 @@ class A {
 one
-two
+TWO
+two and a half
 three
 four
`;

describe("the diff parser", () => {
  it("numbers both sides and counts what changed", () => {
    const [file] = parsePatch(MODIFIED);
    expect(file).toMatchObject({ oldPath: "src/A.java", newPath: "src/A.java", additions: 2, deletions: 1 });
    expect(file?.hunks[0]).toMatchObject({ header: "@@ -1,4 +1,5 @@", section: "class A {" });
    expect(file?.hunks[0]?.lines.map((line) => [line.kind, line.oldLine, line.newLine, line.text])).toEqual([
      ["context", 1, 1, "one"],
      ["delete", 2, null, "two"],
      ["add", null, 2, "TWO"],
      ["add", null, 3, "two and a half"],
      ["context", 3, 4, "three"],
      ["context", 4, 5, "four"],
    ]);
  });

  it("reads renames with and without changes", () => {
    const files = parsePatch(
      "diff --git a/old.txt b/new.txt\nsimilarity index 100%\nrename from old.txt\nrename to new.txt\n" +
        "diff --git a/x.md b/y.md\nsimilarity index 90%\nrename from x.md\nrename to y.md\n--- a/x.md\n+++ b/y.md\n@@ -1 +1 @@\n-a\n+b\n",
    );
    expect(files).toHaveLength(2);
    expect(files[0]).toMatchObject({ oldPath: "old.txt", newPath: "new.txt", renamed: true, hunks: [] });
    expect(files[1]).toMatchObject({
      oldPath: "x.md",
      newPath: "y.md",
      renamed: true,
      additions: 1,
      deletions: 1,
    });
  });

  it("knows binary files", () => {
    const [file] = parsePatch(
      "diff --git a/a.png b/a.png\nindex 1..2 100644\nBinary files a/a.png and b/a.png differ\n",
    );
    expect(file).toMatchObject({ binary: true, hunks: [] });
  });

  it("marks the line that has no newline, on the right side", () => {
    const [file] = parsePatch(
      "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
    );
    expect(file?.hunks[0]?.lines.map((line) => [line.text, line.noNewline])).toEqual([
      ["a", true],
      ["b", true],
    ]);
  });

  it("takes content that looks like a header for content", () => {
    const [file, ...others] = parsePatch(
      "--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,2 @@\n--- a/comment\n+++ b/comment\n @@ -1 +1 @@\n",
    );
    expect(others).toEqual([]);
    expect(file?.hunks[0]?.lines.map((line) => line.text)).toEqual([
      "-- a/comment",
      "++ b/comment",
      "@@ -1 +1 @@",
    ]);
  });

  it("knows added and deleted files by /dev/null", () => {
    const files = parsePatch(
      "diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+hi\n" +
        "diff --git a/d b/d\ndeleted file mode 100644\n--- a/d\n+++ /dev/null\n@@ -1 +0,0 @@\n-bye\n",
    );
    expect(files.map((file) => [file.oldPath, file.newPath])).toEqual([
      [null, "n"],
      ["d", null],
    ]);
  });

  it("reads quoted paths and keeps carriage returns", () => {
    const [file] = parsePatch(
      '--- "a/gr\\303\\274n.txt"\n+++ "b/gr\\303\\274n.txt"\n@@ -1 +1 @@\n-a\r\n+b\r\n',
    );
    expect(file?.newPath).toBe("grün.txt");
    expect(file?.hunks[0]?.lines.map((line) => line.text)).toEqual(["a\r", "b\r"]);
  });

  it("lays 20,000 changed lines out in well under a second", () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `+line ${i} of a generated file`).join("\n");
    const patch = `--- /dev/null\n+++ b/big\n@@ -0,0 +1,20000 @@\n${lines}\n`;
    const started = performance.now();
    const { rows, files } = rowsOf([{ path: "big", status: "added", patch }], new Set());
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(files[0]?.additions).toBe(20_000);
    expect(rows).toHaveLength(20_000 + 3);
  });
});

describe("the viewer's rows", () => {
  it("say why a file has nothing to show", () => {
    const { rows } = rowsOf(
      [
        { path: "a.png", status: "modified", binary: true },
        { path: "huge.json", status: "modified", additions: 9, deletions: 9 },
        {
          path: "b",
          oldPath: "a",
          status: "renamed",
          patch: "diff --git a/a b/b\nrename from a\nrename to b\n",
        },
      ],
      new Set(),
    );
    expect(rows.filter((row) => row.kind === "note").map((row) => [row.path, row.text, row.load])).toEqual([
      ["a.png", "Binary file, not shown", false],
      ["huge.json", "Large file: show its changes", true],
      ["b", "Renamed without changes", false],
    ]);
  });

  it("leave out the lines of a folded file but keep its header", () => {
    const { rows } = rowsOf(
      [{ path: "src/A.java", status: "modified", patch: MODIFIED }],
      new Set(["src/A.java"]),
    );
    expect(rows.map((row) => row.kind)).toEqual(["file", "gap"]);
  });
});
