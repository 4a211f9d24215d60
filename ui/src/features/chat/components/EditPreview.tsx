import { clsx } from "clsx";
import type { FileDiff } from "./tool-text";

const LINES_MAX = 400;

/**
 * An agent's edit as removed and added lines. The common beginning and end are left out; no more is compared, because
 * comparing texts line by line in the page is what freezes it. The exact diff is git's, in the changes panel.
 */
export function EditPreview({ diff }: { diff: FileDiff }) {
  const { removed, added } = changed(diff);
  const rows = [...removed.map((text) => ["-", text] as const), ...added.map((text) => ["+", text] as const)];
  return (
    <figure className="overflow-hidden rounded-lg border border-line">
      <figcaption className="flex items-center justify-between gap-3 border-b border-line bg-surface px-3 py-1.5 font-mono text-xs">
        <span className="truncate" title={diff.path}>
          {diff.path}
        </span>
        <span className="shrink-0">
          <span className="text-good">+{added.length}</span>{" "}
          <span className="text-bad">−{removed.length}</span>
        </span>
      </figcaption>
      <div tabIndex={0} className="max-h-72 overflow-auto py-1 font-mono text-xs leading-5">
        {rows.slice(0, LINES_MAX).map(([sign, text], index) => (
          <div
            key={index}
            className={clsx(
              "flex w-max min-w-full px-3 whitespace-pre",
              sign === "+" ? "bg-diff-add" : "bg-diff-del",
            )}
          >
            <span className="w-4 shrink-0 text-ink-muted select-none">{sign}</span>
            {text || " "}
          </div>
        ))}
        {rows.length > LINES_MAX && (
          <p className="px-3 text-ink-muted">… {rows.length - LINES_MAX} more lines</p>
        )}
      </div>
    </figure>
  );
}

function changed({ oldText, newText }: FileDiff): { removed: string[]; added: string[] } {
  const before = oldText === "" ? [] : oldText.replace(/\n$/, "").split("\n");
  const after = newText === "" ? [] : newText.replace(/\n$/, "").split("\n");
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let tail = 0;
  while (
    tail < before.length - start &&
    tail < after.length - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++;
  }
  return {
    removed: before.slice(start, before.length - tail),
    added: after.slice(start, after.length - tail),
  };
}
