import { clsx } from "clsx";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { IconButton } from "./Button";

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
}

/** A menu behind an icon button: arrows, Home and End move, Escape closes and gives the focus back. */
export function Menu({
  label,
  icon,
  items,
  className,
}: {
  label: string;
  icon: ReactNode;
  items: MenuItem[];
  className?: string;
}) {
  const [place, setPlace] = useState<{ top: number; right: number } | null>(null);
  const button = useRef<HTMLSpanElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const open = place !== null;

  useEffect(() => {
    if (!open) {
      return;
    }
    list.current?.querySelector<HTMLElement>("[role=menuitem]:not(:disabled)")?.focus();
    const outside = (event: PointerEvent) => {
      if (!list.current?.contains(event.target as Node) && !button.current?.contains(event.target as Node)) {
        setPlace(null);
      }
    };
    const away = () => setPlace(null);
    // Only what moves the button away closes its menu; a transcript that grows elsewhere does not.
    const scrolled = (event: Event) => {
      if ((event.target as Node).contains(button.current)) away();
    };
    document.addEventListener("pointerdown", outside);
    window.addEventListener("resize", away);
    window.addEventListener("scroll", scrolled, true);
    return () => {
      document.removeEventListener("pointerdown", outside);
      window.removeEventListener("resize", away);
      window.removeEventListener("scroll", scrolled, true);
    };
  }, [open]);

  const toggle = () => {
    const box = button.current?.getBoundingClientRect();
    const below = box ? box.bottom + 4 : 0;
    const fits = below + items.length * 36 + 12 < window.innerHeight;
    setPlace(
      open || !box
        ? null
        : {
            top: fits ? below : box.top - items.length * 36 - 16,
            right: Math.max(8, window.innerWidth - box.right),
          },
    );
  };
  const close = () => {
    setPlace(null);
    button.current?.querySelector("button")?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const choices = [
      ...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]:not(:disabled)") ?? []),
    ];
    const at = choices.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + choices.length, Home: 0, End: choices.length - 1 }[
      event.key
    ];
    if (to !== undefined) {
      event.preventDefault();
      choices[to % choices.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  return (
    <>
      <span ref={button} className={clsx("inline-flex", className)}>
        <IconButton label={label} aria-haspopup="menu" aria-expanded={open} onClick={toggle}>
          {icon}
        </IconButton>
      </span>
      {open && (
        <div
          ref={list}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          onKeyDown={onKeyDown}
          style={place}
          className="fixed z-50 min-w-44 rounded-xl border border-line bg-raised p-1 shadow-xl"
        >
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              disabled={item.disabled}
              onClick={() => {
                close();
                item.onSelect();
              }}
              className={clsx(
                "flex h-9 w-full items-center gap-2.5 rounded-lg px-2.5 text-start text-sm focus-visible:outline-offset-[-2px] disabled:opacity-40",
                item.danger
                  ? "text-bad hover:bg-bad-soft focus:bg-bad-soft"
                  : "hover:bg-sunken focus:bg-sunken",
              )}
            >
              {item.icon}
              {item.label}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
