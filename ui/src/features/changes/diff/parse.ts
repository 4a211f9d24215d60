/** One line of a hunk. `oldLine` and `newLine` count from 1; null on the side where the line does not exist. */
export interface DiffLine {
  kind: "context" | "add" | "delete";
  oldLine: number | null;
  newLine: number | null;
  text: string;
  /** git's `\ No newline at end of file` follows this line. */
  noNewline: boolean;
}

export interface Hunk {
  header: string;
  /** What git found the hunk to be in: a function or a heading. */
  section: string;
  lines: DiffLine[];
}

export interface FilePatch {
  oldPath: string | null;
  newPath: string | null;
  renamed: boolean;
  binary: boolean;
  hunks: Hunk[];
  additions: number;
  deletions: number;
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/;

/**
 * Parses git's unified diff of one or many files, in one pass. Inside a hunk the counts of its header say what is
 * content, so a removed line that reads `-- a/x` is not taken for a file's header.
 */
export function parsePatch(patch: string): FilePatch[] {
  const files: FilePatch[] = [];
  let file: FilePatch | null = null;
  let hunk: Hunk | null = null;
  let oldLine = 0;
  let newLine = 0;
  let oldLeft = 0;
  let newLeft = 0;
  const begin = (): FilePatch => {
    const fresh: FilePatch = {
      oldPath: null,
      newPath: null,
      renamed: false,
      binary: false,
      hunks: [],
      additions: 0,
      deletions: 0,
    };
    files.push(fresh);
    hunk = null;
    return fresh;
  };

  for (const line of linesOf(patch)) {
    if (file && hunk && line.startsWith("\\")) {
      const last = (hunk as Hunk).lines.at(-1);
      if (last) last.noNewline = true;
      continue;
    }
    if (file && hunk && (oldLeft > 0 || newLeft > 0)) {
      const sign = line[0];
      const text = line.slice(1);
      if (sign === "+") {
        (hunk as Hunk).lines.push({ kind: "add", oldLine: null, newLine: newLine++, text, noNewline: false });
        file.additions++;
        newLeft--;
        continue;
      }
      if (sign === "-") {
        (hunk as Hunk).lines.push({
          kind: "delete",
          oldLine: oldLine++,
          newLine: null,
          text,
          noNewline: false,
        });
        file.deletions++;
        oldLeft--;
        continue;
      }
      if (sign === " " || sign === undefined) {
        // An empty context line may have lost its blank on the way.
        (hunk as Hunk).lines.push({
          kind: "context",
          oldLine: oldLine++,
          newLine: newLine++,
          text,
          noNewline: false,
        });
        oldLeft--;
        newLeft--;
        continue;
      }
    }
    const found = HUNK.exec(line);
    if (found) {
      file ??= begin();
      oldLine = Number(found[1]);
      newLine = Number(found[3]);
      oldLeft = Number(found[2] ?? 1);
      newLeft = Number(found[4] ?? 1);
      hunk = { header: line.slice(0, line.indexOf("@@", 2) + 2), section: found[5] ?? "", lines: [] };
      file.hunks.push(hunk);
    } else if (line.startsWith("diff --git ")) {
      file = begin();
    } else if (line.startsWith("--- ")) {
      // A diff without git's own header has only these two lines before its hunks.
      if (!file || file.hunks.length > 0) file = begin();
      file.oldPath = pathOf(line.slice(4)) ?? file.oldPath;
    } else if (file && line.startsWith("+++ ")) {
      file.newPath = pathOf(line.slice(4)) ?? file.newPath;
    } else if (file && line.startsWith("rename from ")) {
      file.oldPath = unquote(line.slice(12));
      file.renamed = true;
    } else if (file && line.startsWith("rename to ")) {
      file.newPath = unquote(line.slice(10));
      file.renamed = true;
    } else if (file && (line.startsWith("Binary files ") || line === "GIT binary patch")) {
      file.binary = true;
    }
  }
  return files;
}

/** Splits at line feeds only: a carriage return belongs to the line. */
function linesOf(patch: string): string[] {
  const lines = patch.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function pathOf(header: string): string | null {
  const path = unquote(header.replace(/\t.*$/, ""));
  return path === "/dev/null" ? null : path.replace(/^[ab]\//, "");
}

/** git puts paths with special characters in quotes, bytes beyond ASCII as octal escapes of UTF-8. */
function unquote(path: string): string {
  if (!path.startsWith('"') || !path.endsWith('"')) {
    return path;
  }
  const bytes: number[] = [];
  const inner = path.slice(1, -1);
  for (let i = 0; i < inner.length; i++) {
    if (inner[i] !== "\\") {
      bytes.push(...new TextEncoder().encode(inner[i]));
      continue;
    }
    const octal = /^[0-7]{3}/.exec(inner.slice(i + 1));
    if (octal) {
      bytes.push(Number.parseInt(octal[0], 8));
      i += 3;
    } else {
      i++;
      bytes.push(({ n: 10, t: 9, r: 13 } as Record<string, number>)[inner[i] ?? ""] ?? inner.charCodeAt(i));
    }
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
