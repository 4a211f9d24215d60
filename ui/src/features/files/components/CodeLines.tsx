import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { useHighlight } from "../highlight/use-highlight";

const ROW_HEIGHT = 20;
/** A line longer than this is cut in the page; the download has it whole. */
const COLUMNS_MAX = 2_000;

/** A text with line numbers, of which only the lines in sight exist. */
export function CodeLines({ path, text }: { path: string; text: string }) {
  const viewport = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => text.replace(/\n$/, "").split(/\r?\n/), [text]);
  const coloured = useHighlight(path, text);
  const columns = useMemo(() => lines.reduce((most, line) => Math.max(most, line.length), 0), [lines]);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 24,
  });
  const gutter = `${String(lines.length).length + 3}ch`;
  return (
    <div
      ref={viewport}
      role="region"
      aria-label={`Text of ${path}`}
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto bg-canvas font-mono text-xs focus-visible:outline-offset-[-2px]"
    >
      <div
        className="relative"
        style={{
          height: virtualizer.getTotalSize(),
          width: `max(100%, calc(${gutter} + ${Math.min(columns, COLUMNS_MAX) + 4}ch))`,
        }}
      >
        {virtualizer.getVirtualItems().map((item) => (
          <div
            key={item.key}
            className="absolute inset-x-0 top-0 flex items-center"
            style={{ height: ROW_HEIGHT, transform: `translateY(${item.start}px)` }}
          >
            <span
              aria-hidden
              className="sticky left-0 h-full shrink-0 bg-surface pe-3 text-end leading-5 text-ink-muted select-none"
              style={{ width: gutter }}
            >
              {item.index + 1}
            </span>
            <code className="ps-3 whitespace-pre [tab-size:4]">
              {coloured?.[item.index]?.map(([piece, kind], index) => (
                <span key={index} className={kind ? `tok-${kind}` : undefined}>
                  {piece}
                </span>
              )) ?? lines[item.index]?.slice(0, COLUMNS_MAX)}
            </code>
          </div>
        ))}
      </div>
    </div>
  );
}
