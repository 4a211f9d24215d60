import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useImperativeHandle, useRef } from "react";
import type { Rows } from "../diff/rows";
import { DiffRow } from "./DiffRow";

const ROW_HEIGHT = 22;

export interface DiffViewerHandle {
  scrollToRow: (row: number) => void;
}

interface DiffViewerProps {
  layout: Rows;
  handle: RefObject<DiffViewerHandle | null>;
  onToggle: (path: string) => void;
  onLoad: (path: string) => void;
}

/** All changed files as one list of which only the rows in sight exist, so that its length costs nothing. */
export function DiffViewer({ layout, handle, onToggle, onLoad }: DiffViewerProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: layout.rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 24,
  });
  useImperativeHandle(handle, () => ({
    scrollToRow: (row) => virtualizer.scrollToIndex(row, { align: "start" }),
  }));
  // Two line number columns and the sign stand before the text.
  const width = `max(100%, calc(${Math.min(layout.columns, 2_000) + 16}ch))`;
  return (
    <div
      ref={viewport}
      role="region"
      aria-label="Changed lines"
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto font-mono text-xs focus-visible:outline-offset-[-2px]"
    >
      <div className="relative" style={{ height: virtualizer.getTotalSize(), width }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = layout.rows[item.index];
          return row ? (
            <div
              key={item.key}
              className="absolute inset-x-0 top-0"
              style={{ height: ROW_HEIGHT, transform: `translateY(${item.start}px)` }}
            >
              <DiffRow row={row} onToggle={onToggle} onLoad={onLoad} />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}
