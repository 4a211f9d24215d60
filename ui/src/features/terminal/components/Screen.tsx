import "@xterm/xterm/css/xterm.css";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { type RefObject, useEffect, useImperativeHandle, useRef } from "react";
import { TerminalConnection, type TerminalState } from "../connection/connection";
import { terminalServer } from "../connection/server";
import { currentTheme } from "./themes";

/** Lines that can be scrolled back to. */
const SCROLLBACK = 10_000;
/** A window that is being resized tells the shell its size only once it rests. */
const RESIZE_REST = 120;

export interface ScreenHandle {
  focus: () => void;
  type: (data: string) => void;
  restart: () => void;
}

interface ScreenProps {
  project: string;
  session: string;
  readAloud: boolean;
  handle: RefObject<ScreenHandle | null>;
  onState: (state: TerminalState) => void;
  /** Ctrl+M was pressed: the focus is to leave. */
  onLeave: () => void;
}

/** The terminal itself. This file, with xterm, is loaded only when somebody opens one. */
export default function Screen({ project, session, readAloud, handle, onState, onLeave }: ScreenProps) {
  const place = useRef<HTMLDivElement>(null);
  const opened = useRef<{ terminal: Terminal; connection: TerminalConnection } | null>(null);
  const newest = useRef({ onState, onLeave });
  useEffect(() => {
    newest.current = { onState, onLeave };
  });
  useImperativeHandle(handle, () => ({
    focus: () => opened.current?.terminal.focus(),
    type: (data) => {
      opened.current?.connection.input(data);
      opened.current?.terminal.focus();
    },
    restart: () => {
      opened.current?.connection.restart();
      opened.current?.terminal.focus();
    },
  }));

  useEffect(() => {
    const element = place.current;
    if (!element) {
      return;
    }
    const terminal = new Terminal({
      scrollback: SCROLLBACK,
      fontFamily: getComputedStyle(element).fontFamily,
      fontSize: 13,
      theme: currentTheme(),
      minimumContrastRatio: 4.5,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(element);
    fitIfVisible(fit, element);
    const connection = new TerminalConnection(
      terminalServer(project, session),
      {
        write: (data) => terminal.write(data),
        reset: () => terminal.reset(),
        state: (state) => newest.current.onState(state),
      },
      { rows: terminal.rows, cols: terminal.cols },
    );
    opened.current = { terminal, connection };
    terminal.onData((data) => connection.input(data));
    terminal.onBinary((data) => connection.inputBytes(Uint8Array.from(data, (each) => each.charCodeAt(0))));
    terminal.attachCustomKeyEventHandler((event) => {
      const key = event.key.toLowerCase();
      if (event.ctrlKey && !event.shiftKey && !event.altKey && key === "m") {
        event.preventDefault();
        if (event.type === "keydown") newest.current.onLeave();
        return false;
      }
      if (event.ctrlKey && event.shiftKey && key === "c" && terminal.hasSelection()) {
        event.preventDefault();
        if (event.type === "keydown") void navigator.clipboard?.writeText(terminal.getSelection());
        return false;
      }
      return true;
    });
    terminal.focus();

    let rest: ReturnType<typeof setTimeout> | undefined;
    const resized = new ResizeObserver(() => {
      clearTimeout(rest);
      rest = setTimeout(() => {
        fitIfVisible(fit, element);
        connection.resize({ rows: terminal.rows, cols: terminal.cols });
      }, RESIZE_REST);
    });
    resized.observe(element);
    const themed = new MutationObserver(() => {
      terminal.options.theme = currentTheme();
    });
    themed.observe(document.documentElement, { attributeFilter: ["class"] });
    const wake = () => document.visibilityState === "visible" && connection.wake();
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    return () => {
      clearTimeout(rest);
      resized.disconnect();
      themed.disconnect();
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      connection.close();
      terminal.dispose();
      opened.current = null;
    };
  }, [project, session]);

  useEffect(() => {
    if (opened.current) opened.current.terminal.options.screenReaderMode = readAloud;
  }, [readAloud]);

  return <div ref={place} className="h-full min-h-0 overflow-hidden font-mono" />;
}

/** A hidden panel has no size, and a shell of no columns would break every line. */
function fitIfVisible(fit: FitAddon, element: HTMLElement): void {
  if (element.clientWidth > 0 && element.clientHeight > 0) fit.fit();
}
