import { useEffect } from "react";

/** Calls `open` on ⌘K or Ctrl+K. In a terminal Ctrl+K belongs to the shell. */
export function useShortcut(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const inShell = event.target instanceof Element && event.target.closest(".xterm") !== null;
      if (
        event.key.toLowerCase() === "k" &&
        (event.metaKey || (event.ctrlKey && !inShell)) &&
        !event.shiftKey
      ) {
        event.preventDefault();
        open();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open]);
}
