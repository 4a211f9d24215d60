import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { ChevronDown, ChevronRight, File, Folder, FolderOpen } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { bytes } from "@/lib/format";
import { stepFor, type TreeRow } from "../tree/tree";

const ROW_HEIGHT = 28;

interface FileTreeProps {
  rows: readonly TreeRow[];
  onToggle: (path: string) => void;
  onOpen: (path: string) => void;
}

/** The workspace's folders as one list of which only the rows in sight exist. Arrows move, letters find, Enter opens. */
export function FileTree({ rows, onToggle, onOpen }: FileTreeProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const id = useId();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 16,
  });
  const at = Math.min(active, rows.length - 1);
  const choose = (index: number) => {
    setActive(index);
    const row = rows[index];
    if (row?.kind === "directory") onToggle(row.path);
    else if (row?.kind === "file") onOpen(row.path);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(at);
      return;
    }
    const step = stepFor(event.key, rows, at);
    if (step) {
      event.preventDefault();
      if ("toggle" in step) {
        onToggle(step.toggle);
      } else {
        setActive(step.to);
        virtualizer.scrollToIndex(step.to);
      }
    }
  };
  return (
    <div
      ref={viewport}
      role="tree"
      aria-label="Files"
      tabIndex={0}
      aria-activedescendant={rows[at] ? `${id}-${at}` : undefined}
      onKeyDown={onKeyDown}
      className="group min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
    >
      <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row ? (
            <Row
              key={row.path}
              id={`${id}-${item.index}`}
              row={row}
              active={item.index === at}
              top={item.start}
              onChoose={() => choose(item.index)}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}

function Row({
  id,
  row,
  active,
  top,
  onChoose,
}: {
  id: string;
  row: TreeRow;
  active: boolean;
  top: number;
  onChoose: () => void;
}) {
  const Arrow = row.open ? ChevronDown : ChevronRight;
  const Icon = row.kind === "file" ? File : row.open ? FolderOpen : Folder;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself has the focus and the keys
    // biome-ignore lint/a11y/useFocusableInteractive: as above, by aria-activedescendant
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={row.kind === "directory" ? row.open : undefined}
      aria-selected={active}
      onClick={onChoose}
      style={{ height: ROW_HEIGHT, transform: `translateY(${top}px)`, paddingInlineStart: row.level * 14 }}
      className={clsx(
        "absolute inset-x-0 top-0 flex cursor-pointer items-center gap-1.5 pe-3 text-sm hover:bg-sunken",
        active && "group-focus-visible:bg-accent-soft",
      )}
    >
      {row.kind === "directory" ? (
        <Arrow aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
      ) : (
        <span className="w-3.5 shrink-0" />
      )}
      {row.kind !== "note" && <Icon aria-hidden className="size-4 shrink-0 text-ink-muted" />}
      <span className={clsx("truncate", row.kind === "note" && "text-ink-muted italic")}>{row.name}</span>
      {row.size !== undefined && (
        <span className="ms-auto shrink-0 text-xs text-ink-muted tabular-nums">{bytes(row.size)}</span>
      )}
    </div>
  );
}
