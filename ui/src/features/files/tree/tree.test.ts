import { describe, expect, it } from "vitest";
import { type Folder, rowsOf, stepFor } from "./tree";

const KNOWN = new Map<string, Folder>([
  [
    "",
    {
      entries: [
        { name: "docs", type: "directory" },
        { name: "src", type: "directory" },
        { name: "README.md", type: "file", size: 12 },
      ],
    },
  ],
  ["src", { entries: [{ name: "Main.java", type: "file", size: 80 }] }],
]);

describe("the file tree", () => {
  it("shows what is in the open folders, with level and place for screen readers", () => {
    const rows = rowsOf(KNOWN, new Set(["src"]));
    expect(rows.map((row) => [row.path, row.level, row.position, row.siblings])).toEqual([
      ["docs", 1, 1, 3],
      ["src", 1, 2, 3],
      ["src/Main.java", 2, 1, 1],
      ["README.md", 1, 3, 3],
    ]);
  });

  it("says that a folder is being read, could not be read or is empty", () => {
    const said = (folder?: Folder) => {
      const known = new Map(KNOWN);
      if (folder) known.set("docs", folder);
      return rowsOf(known, new Set(["docs"]))[1]?.name;
    };
    expect(said()).toBe("Reading…");
    expect(said({ error: "Permission denied" })).toBe("Permission denied");
    expect(said({ entries: [] })).toBe("Empty");
  });

  it("moves by the keys of a tree", () => {
    const rows = rowsOf(KNOWN, new Set(["src"]));
    expect(stepFor("ArrowDown", rows, 0)).toEqual({ to: 1 });
    expect(stepFor("ArrowRight", rows, 0)).toEqual({ toggle: "docs" });
    expect(stepFor("ArrowRight", rows, 1)).toEqual({ to: 2 });
    expect(stepFor("ArrowLeft", rows, 2)).toEqual({ to: 1 });
    expect(stepFor("ArrowLeft", rows, 1)).toEqual({ toggle: "src" });
    expect(stepFor("End", rows, 0)).toEqual({ to: 3 });
    expect(stepFor("r", rows, 0)).toEqual({ to: 3 });
    expect(stepFor("d", rows, 2)).toEqual({ to: 0 });
    expect(stepFor("x", rows, 2)).toBeNull();
    expect(stepFor("Tab", rows, 2)).toBeNull();
  });
});
