import { clsx } from "clsx";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { matching } from "./match";
import { usePaletteItems } from "./use-palette-items";

interface PaletteProps {
  project: string;
  session: string | null;
  onClose: () => void;
}

/** Everything by its name: type, choose with the arrows, Enter goes there. */
export function Palette({ project, session, onClose }: PaletteProps) {
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = matching(usePaletteItems(project, session), typed);
  const at = Math.min(marked, found.length - 1);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  useEffect(() => {
    // Newer browsers answer with a promise, which is no clean-up.
    void list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const choose = (index: number) => {
    onClose();
    found[index]?.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 + found.length };
    const to = steps[event.key];
    if (to !== undefined && found.length > 0) {
      event.preventDefault();
      setMarked(to % found.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(at);
    }
  };
  return (
    <dialog
      ref={dialog}
      aria-label="Go to"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={onKeyDown}
      className="mx-auto mt-[12vh] w-[min(36rem,calc(100vw-2rem))] overflow-hidden rounded-2xl border border-line bg-raised text-ink shadow-2xl"
    >
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-ink-muted" />
        <input
          type="text"
          role="combobox"
          aria-label="Go to a session, a page or a panel"
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
          placeholder="Go to…"
          value={typed}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setTyped(event.target.value);
            setMarked(0);
          }}
          className="h-12 w-full bg-transparent outline-none pointer-coarse:text-base"
        />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="Found"
        className="max-h-[50vh] overflow-y-auto p-1.5"
      >
        {found.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
          // biome-ignore lint/a11y/useFocusableInteractive: as above, by aria-activedescendant
          <div
            key={item.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => choose(index)}
            className={clsx(
              "flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-2.5 text-sm pointer-coarse:min-h-11",
              index === at ? "bg-accent-soft" : "hover:bg-sunken",
            )}
          >
            <span className="min-w-0 flex-1 truncate">{item.label}</span>
            <span className="shrink-0 text-xs text-ink-muted">
              {[item.detail, item.group].filter(Boolean).join(" · ")}
            </span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="px-4 pb-4 text-sm text-ink-muted">Nothing matches.</p>}
    </dialog>
  );
}
