import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "slipway.theme";
const listeners = new Set<() => void>();

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

/** Remembered in this browser; `public/theme.js` applies it before the first paint of the next visit. */
export function setTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It then holds until the page is closed.
  }
  apply(theme);
  for (const listener of listeners) listener();
}

function apply(theme: Theme): void {
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, stored);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => apply(stored()));
