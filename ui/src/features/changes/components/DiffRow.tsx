import { clsx } from "clsx";
import { ChevronDown, ChevronRight } from "lucide-react";
import type { DiffLine } from "../diff/parse";
import type { Row } from "../diff/rows";

interface DiffRowProps {
  row: Row;
  onToggle: (path: string) => void;
  onLoad: (path: string) => void;
}

export function DiffRow({ row, onToggle, onLoad }: DiffRowProps) {
  switch (row.kind) {
    case "file":
      return <FileRow row={row} onToggle={onToggle} />;
    case "hunk":
      return (
        <div className="flex h-full items-center gap-3 bg-surface px-3 whitespace-pre text-ink-muted">
          <span className="text-accent">{row.header}</span>
          <span>{row.section}</span>
        </div>
      );
    case "line":
      return <LineRow line={row.line} />;
    case "note":
      return (
        <div className="flex h-full items-center ps-26 text-ink-muted italic">
          {row.load ? (
            <button
              type="button"
              className="text-accent underline not-italic"
              onClick={() => onLoad(row.path)}
            >
              {row.text}
            </button>
          ) : (
            row.text
          )}
        </div>
      );
    case "gap":
      return null;
  }
}

function FileRow({ row, onToggle }: { row: Row & { kind: "file" }; onToggle: (path: string) => void }) {
  const { file, additions, deletions, collapsed } = row;
  const Arrow = collapsed ? ChevronRight : ChevronDown;
  return (
    <button
      type="button"
      onClick={() => onToggle(file.path)}
      aria-expanded={!collapsed}
      className="sticky left-0 flex h-full w-[min(100%,100cqw)] items-center gap-2 border-y border-line bg-sunken px-2 text-start focus-visible:outline-offset-[-2px]"
    >
      <Arrow aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
      <span className="min-w-0 truncate font-semibold">
        {file.oldPath && file.oldPath !== file.path ? `${file.oldPath} → ${file.path}` : file.path}
      </span>
      <span className="ms-auto shrink-0 ps-2">
        {file.binary ? (
          "binary"
        ) : (
          <>
            <span className="text-good">+{additions}</span> <span className="text-bad">−{deletions}</span>
          </>
        )}
      </span>
    </button>
  );
}

const KINDS = {
  add: { sign: "+", row: "bg-diff-add", gutter: "bg-diff-add-mark", said: "added" },
  delete: { sign: "−", row: "bg-diff-del", gutter: "bg-diff-del-mark", said: "removed" },
  context: { sign: " ", row: "", gutter: "bg-surface", said: "" },
};

function LineRow({ line }: { line: DiffLine }) {
  const kind = KINDS[line.kind];
  return (
    <div className={clsx("flex h-full items-center", kind.row)}>
      <span
        aria-hidden
        className={clsx(
          "sticky left-0 flex h-full shrink-0 items-center text-ink-muted select-none",
          kind.gutter,
        )}
      >
        <span className="w-11 pe-2 text-end">{line.oldLine}</span>
        <span className="w-11 pe-2 text-end">{line.newLine}</span>
      </span>
      <span aria-hidden className="w-5 shrink-0 text-center select-none">
        {kind.sign}
      </span>
      {kind.said && <span className="sr-only">{`${kind.said} line ${line.newLine ?? line.oldLine}: `}</span>}
      <span className="whitespace-pre [tab-size:4]">{line.text}</span>
    </div>
  );
}
