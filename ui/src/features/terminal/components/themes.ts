import type { ITheme } from "@xterm/xterm";

/** Colours with a contrast of 4.5 and more on their ground. */
const LIGHT: ITheme = {
  background: "#ffffff",
  foreground: "#151a21",
  cursor: "#1264d6",
  cursorAccent: "#ffffff",
  selectionBackground: "#bcd6f9",
  black: "#151a21",
  red: "#b92a2a",
  green: "#11703d",
  yellow: "#8a5200",
  blue: "#1264d6",
  magenta: "#8b2fa8",
  cyan: "#0b6b7a",
  white: "#556070",
  brightBlack: "#556070",
  brightRed: "#a32020",
  brightGreen: "#0d5f33",
  brightYellow: "#744500",
  brightBlue: "#0e52b0",
  brightMagenta: "#75268e",
  brightCyan: "#085a67",
  brightWhite: "#2a323d",
};

const DARK: ITheme = {
  background: "#0b0e12",
  foreground: "#e6ebf1",
  cursor: "#62a8ff",
  cursorAccent: "#0b0e12",
  selectionBackground: "#2b4a73",
  black: "#8a96a5",
  red: "#ff8a8a",
  green: "#5ccb92",
  yellow: "#f0b65c",
  blue: "#62a8ff",
  magenta: "#d79bf0",
  cyan: "#5fc9d8",
  white: "#d5dce5",
  brightBlack: "#9aa6b5",
  brightRed: "#ffa8a8",
  brightGreen: "#83dbae",
  brightYellow: "#f6cb87",
  brightBlue: "#8fc1ff",
  brightMagenta: "#e4bbf5",
  brightCyan: "#8adae5",
  brightWhite: "#ffffff",
};

export function currentTheme(): ITheme {
  return document.documentElement.classList.contains("dark") ? DARK : LIGHT;
}
