import type { Entry } from "../api/list-files";

/** What is known of a folder: its entries, that they are on their way, or why they did not come. */
export type Folder = { entries: readonly Entry[] } | { loading: true } | { error: string };

/** One line of the tree. */
export interface TreeRow {
  path: string;
  name: string;
  kind: "directory" | "file" | "note";
  /** From 1, as screen readers count. */
  level: number;
  position: number;
  siblings: number;
  open: boolean;
  size?: number;
}

/** The lines that are in sight when the folders in `open` are; `known` holds what was read so far, the top as "". */
export function rowsOf(known: ReadonlyMap<string, Folder>, open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  addFolder(rows, known, open, "", 1);
  return rows;
}

function addFolder(
  rows: TreeRow[],
  known: ReadonlyMap<string, Folder>,
  open: ReadonlySet<string>,
  folder: string,
  level: number,
): void {
  const found = known.get(folder) ?? { loading: true };
  if (!("entries" in found) || found.entries.length === 0) {
    const name = "error" in found ? found.error : "loading" in found ? "Reading…" : "Empty";
    rows.push({ path: `${folder}/`, name, kind: "note", level, position: 1, siblings: 1, open: false });
    return;
  }
  found.entries.forEach((entry, index) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    const isOpen = entry.type === "directory" && open.has(path);
    rows.push({
      path,
      name: entry.name,
      kind: entry.type,
      level,
      position: index + 1,
      siblings: found.entries.length,
      open: isOpen,
      ...(entry.size === undefined ? {} : { size: entry.size }),
    });
    if (isOpen) addFolder(rows, known, open, path, level + 1);
  });
}

/** Where a key goes from `at`: another line, or a folder to open or close. */
export type Step = { to: number } | { toggle: string } | null;

export function stepFor(key: string, rows: readonly TreeRow[], at: number): Step {
  const row = rows[at];
  if (!row) {
    return rows.length > 0 ? { to: 0 } : null;
  }
  switch (key) {
    case "ArrowDown":
      return { to: Math.min(at + 1, rows.length - 1) };
    case "ArrowUp":
      return { to: Math.max(at - 1, 0) };
    case "Home":
      return { to: 0 };
    case "End":
      return { to: rows.length - 1 };
    case "ArrowRight":
      if (row.kind !== "directory") return null;
      return row.open ? { to: Math.min(at + 1, rows.length - 1) } : { toggle: row.path };
    case "ArrowLeft":
      if (row.open) return { toggle: row.path };
      return {
        to: Math.max(
          rows.slice(0, at).findLastIndex((each) => each.level < row.level),
          0,
        ),
      };
  }
  return /^\S$/.test(key) ? typed(key.toLowerCase(), rows, at) : null;
}

/** The next line that begins with the letter, from the top again when there is none below. */
function typed(letter: string, rows: readonly TreeRow[], at: number): Step {
  const begins = (row: TreeRow) => row.kind !== "note" && row.name.toLowerCase().startsWith(letter);
  const below = rows.findIndex((row, index) => index > at && begins(row));
  const found = below >= 0 ? below : rows.findIndex(begins);
  return found >= 0 ? { to: found } : null;
}
