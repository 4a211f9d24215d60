import { clsx } from "clsx";
import type { FileStatus } from "../api/get-diff";
import type { FileSummary } from "../diff/rows";

const MARKS: Record<FileStatus, [string, string]> = {
  added: ["A", "text-good"],
  modified: ["M", "text-warn"],
  deleted: ["D", "text-bad"],
  renamed: ["R", "text-accent"],
  unchanged: ["·", "text-ink-muted"],
};

export function FileList({ files, onOpen }: { files: FileSummary[]; onOpen: (row: number) => void }) {
  return (
    <ul aria-label="Changed files" className="max-h-40 shrink-0 overflow-y-auto border-b border-line py-1">
      {files.map(({ file, additions, deletions, row }) => {
        const [mark, colour] = MARKS[file.status] ?? MARKS.modified;
        const slash = file.path.lastIndexOf("/") + 1;
        return (
          <li key={file.path}>
            <button
              type="button"
              onClick={() => onOpen(row)}
              title={file.path}
              className="flex h-7 w-full items-center gap-2 px-3 text-start font-mono text-xs hover:bg-sunken focus-visible:outline-offset-[-2px] pointer-coarse:h-11"
            >
              <span
                className={clsx("w-3 shrink-0 font-semibold", colour)}
                role="img"
                aria-label={file.status}
              >
                {mark}
              </span>
              <span className="min-w-0 truncate">
                <span className="text-ink-muted">{file.path.slice(0, slash)}</span>
                {file.path.slice(slash)}
              </span>
              <span className="ms-auto shrink-0">
                {file.binary ? (
                  <span className="text-ink-muted">binary</span>
                ) : (
                  <>
                    <span className="text-good">+{additions}</span>{" "}
                    <span className="text-bad">−{deletions}</span>
                  </>
                )}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
