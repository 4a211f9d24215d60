import { clsx } from "clsx";
import { useEffect, useRef } from "react";
import type { Suggestion } from "./use-suggestions";

interface SuggestionListProps {
  id: string;
  label: string;
  list: readonly Suggestion[];
  marked: number;
  onChoose: (value: string) => void;
}

/** Commands or files above the composer. The focus stays in the text; arrows mark, Enter or Tab takes. */
export function SuggestionList({ id, label, list, marked, onChoose }: SuggestionListProps) {
  const chosen = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another mark is another element
  useEffect(() => {
    // Newer browsers answer with a promise, which is no clean-up.
    void chosen.current?.scrollIntoView({ block: "nearest" });
  }, [marked]);
  return (
    <div
      id={id}
      role="listbox"
      aria-label={label}
      className="absolute inset-x-0 bottom-full z-20 mb-2 max-h-64 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-xl"
    >
      {list.map((each, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the composer has the focus and the keys
        // biome-ignore lint/a11y/useFocusableInteractive: as above, by aria-activedescendant
        <div
          key={each.value}
          id={`${id}-${index}`}
          ref={index === marked ? chosen : undefined}
          role="option"
          aria-selected={index === marked}
          // Before the text loses the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(each.value)}
          className={clsx(
            "flex cursor-pointer items-baseline gap-3 rounded-lg px-2.5 py-1.5 text-sm pointer-coarse:py-3",
            index === marked ? "bg-accent-soft" : "hover:bg-sunken",
          )}
        >
          <span className="min-w-0 truncate font-mono text-xs">{each.value}</span>
          {each.detail && <span className="min-w-0 truncate text-xs text-ink-muted">{each.detail}</span>}
        </div>
      ))}
    </div>
  );
}
