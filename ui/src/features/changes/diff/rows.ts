import type { ChangedFile } from "../api/get-diff";
import { type DiffLine, parsePatch } from "./parse";

/** A row of the viewer; all have the same height, so that only those in sight need to exist. */
export type Row =
  | { kind: "file"; file: ChangedFile; additions: number; deletions: number; collapsed: boolean }
  | { kind: "hunk"; header: string; section: string }
  | { kind: "line"; line: DiffLine }
  | { kind: "note"; text: string; path: string; load: boolean }
  | { kind: "gap" };

export interface FileSummary {
  file: ChangedFile;
  additions: number;
  deletions: number;
  /** The index of its header row. */
  row: number;
}

export interface Rows {
  rows: Row[];
  files: FileSummary[];
  /** The longest line, in characters: how wide the viewer scrolls. */
  columns: number;
}

/** Lays the files out as one list of rows. */
export function rowsOf(files: readonly ChangedFile[], collapsed: ReadonlySet<string>): Rows {
  const rows: Row[] = [];
  const summaries: FileSummary[] = [];
  let columns = 0;
  for (const file of files) {
    const parsed = file.patch ? parsePatch(file.patch) : [];
    const additions = file.additions ?? parsed.reduce((sum, each) => sum + each.additions, 0);
    const deletions = file.deletions ?? parsed.reduce((sum, each) => sum + each.deletions, 0);
    const isCollapsed = collapsed.has(file.path);
    summaries.push({ file, additions, deletions, row: rows.length });
    rows.push({ kind: "file", file, additions, deletions, collapsed: isCollapsed });
    if (!isCollapsed) {
      const hunks = parsed.flatMap((each) => each.hunks);
      for (const hunk of hunks) {
        rows.push({ kind: "hunk", header: hunk.header, section: hunk.section });
        for (const line of hunk.lines) {
          rows.push({ kind: "line", line });
          columns = Math.max(columns, line.text.length);
          if (line.noNewline)
            rows.push({ kind: "note", text: "No newline at end of file", path: file.path, load: false });
        }
      }
      if (hunks.length === 0) {
        rows.push({ kind: "note", path: file.path, ...whyEmpty(file, parsed.length > 0) });
      }
    }
    rows.push({ kind: "gap" });
  }
  return { rows, files: summaries, columns };
}

function whyEmpty(file: ChangedFile, hasPatch: boolean): { text: string; load: boolean } {
  if (file.binary) return { text: "Binary file, not shown", load: false };
  if (file.patch === undefined || file.patch === null)
    return { text: "Large file: show its changes", load: true };
  if (file.status === "renamed") return { text: "Renamed without changes", load: false };
  return { text: hasPatch ? "No change in content" : "Empty file", load: false };
}
