import { clsx } from "clsx";
import { Ear, RotateCcw, SquareTerminal } from "lucide-react";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Notice } from "@/components/Notice";
import type { TerminalState } from "../connection/connection";
import type { ScreenHandle } from "./Screen";

const Screen = lazy(() => import("./Screen"));

const READ_ALOUD = "slipway.terminal.read-aloud";

/** Keys that a touch screen's keyboard lacks. */
const KEYS: [label: string, said: string, data: string][] = [
  ["Esc", "", "\x1b"],
  ["Tab", "", "\t"],
  ["^C", "interrupts", "\x03"],
  ["↑", "arrow up", "\x1b[A"],
  ["↓", "arrow down", "\x1b[B"],
];

interface TerminalPanelProps {
  project: string;
  session: string;
  /** Where the sandbox stands: one that sleeps has no shell. */
  sandbox: "starting" | "up" | "asleep";
  /** Offered when the sandbox sleeps. */
  resume?: ReactNode;
}

/** A shell in the session's sandbox. It outlives this page: coming back shows what it wrote meanwhile. */
export function TerminalPanel({ project, session, sandbox, resume }: TerminalPanelProps) {
  const [state, setState] = useState<TerminalState>({ kind: "connecting" });
  const [readAloud, setReadAloud] = useState(() => localStorage.getItem(READ_ALOUD) === "1");
  const screen = useRef<ScreenHandle>(null);
  const toolbar = useRef<HTMLButtonElement>(null);
  if (sandbox === "asleep") {
    return (
      <EmptyState
        icon={<SquareTerminal aria-hidden className="size-5" />}
        title="The sandbox is stopped"
        action={resume}
      >
        A shell needs a running sandbox. Its files are kept; what ran in it has ended.
      </EmptyState>
    );
  }
  const toggleReading = () => {
    localStorage.setItem(READ_ALOUD, readAloud ? "0" : "1");
    setReadAloud(!readAloud);
  };
  return (
    <section aria-label="Terminal" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-3">
        <p role="status" className="flex min-w-0 flex-1 items-center gap-2 truncate text-sm">
          <span
            aria-hidden
            className={clsx(
              "size-2 shrink-0 rounded-full",
              state.kind === "open" ? "bg-good" : state.kind === "refused" ? "bg-bad" : "bg-warn",
            )}
          />
          {wordsFor(state, sandbox)}
        </p>
        <Button
          ref={toolbar}
          size="small"
          look="ghost"
          aria-pressed={readAloud}
          title="Says the output to a screen reader"
          icon={<Ear aria-hidden className="size-3.5" />}
          onClick={toggleReading}
          className={clsx(readAloud && "bg-accent-soft! text-accent!")}
        >
          Read aloud
        </Button>
      </div>
      {state.kind === "exited" && (
        <Notice
          title={`The shell ended${state.code === null ? "" : ` with code ${state.code}`}`}
          className="m-3 mb-0"
          action={
            <Button
              size="small"
              icon={<RotateCcw aria-hidden className="size-3.5" />}
              onClick={() => screen.current?.restart()}
            >
              New shell
            </Button>
          }
        />
      )}
      {state.kind === "refused" && (
        <Notice
          tone="warn"
          title="No terminal"
          className="m-3 mb-0"
          action={
            <Button size="small" onClick={() => screen.current?.restart()}>
              Try again
            </Button>
          }
        >
          {state.reason}
        </Notice>
      )}
      <div
        className={clsx(
          "min-h-0 flex-1 p-2",
          state.kind !== "open" && "opacity-60",
          "bg-canvas dark:bg-sunken",
        )}
      >
        <Suspense fallback={<p className="p-2 text-sm text-ink-muted">Opening the terminal…</p>}>
          <Screen
            project={project}
            session={session}
            readAloud={readAloud}
            handle={screen}
            onState={setState}
            onLeave={() => toolbar.current?.focus()}
          />
        </Suspense>
      </div>
      <div className="flex shrink-0 items-center gap-1 border-t border-line px-2 py-1 text-xs text-ink-muted">
        <span className="hidden gap-1 pointer-coarse:flex">
          {KEYS.map(([label, said, data]) => (
            <button
              key={label}
              type="button"
              onClick={() => screen.current?.type(data)}
              className="h-11 min-w-11 rounded-lg border border-line-strong bg-raised px-2 font-mono text-ink"
            >
              {label}
              {said && <span className="sr-only"> {said}</span>}
            </button>
          ))}
        </span>
        <span className="pointer-coarse:hidden">
          <kbd className="font-mono">Ctrl+M</kbd> leaves the terminal, Tab goes to the shell
        </span>
      </div>
    </section>
  );
}

function wordsFor(state: TerminalState, sandbox: TerminalPanelProps["sandbox"]): string {
  switch (state.kind) {
    case "open":
      return sandbox === "starting" ? "Waiting for the sandbox to start…" : "Connected";
    case "connecting":
      return sandbox === "starting" ? "Waiting for the sandbox to start…" : "Connecting…";
    case "lost":
      return "Connection lost; the shell runs on. Reconnecting…";
    case "exited":
      return "Ended";
    case "refused":
      return "Not available";
  }
}
