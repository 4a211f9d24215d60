import { ArrowUp, Square } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";

interface ComposerProps {
  /** Under this key the draft is kept while the page is away. */
  draftKey: string;
  running: boolean;
  stopping: boolean;
  disabledReason?: string | null;
  placeholder: string;
  onSend: (text: string) => void;
  onStop: () => void;
  /** Text that comes back to be edited; a new `token` puts it in. */
  restored?: { token: number; text: string } | null;
}

/** Where the user writes. Enter sends (on touch screens it breaks the line), Ctrl/⌘-Enter always sends, Escape stops. */
export function Composer(props: ComposerProps) {
  const { draftKey, running, stopping, disabledReason, placeholder, restored } = props;
  const [text, setText] = useState(() => readDraft(draftKey));
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setText(readDraft(draftKey)), [draftKey]);
  useEffect(() => {
    if (restored) {
      setText(restored.text);
      input.current?.focus();
    }
  }, [restored]);
  useEffect(() => writeDraft(draftKey, text), [draftKey, text]);

  const send = () => {
    const trimmed = text.trim();
    if (trimmed && !disabledReason) {
      props.onSend(trimmed);
      setText("");
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const touch = matchMedia("(pointer: coarse)").matches;
    const plainEnter = event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
    if (plainEnter && (event.ctrlKey || event.metaKey || !touch)) {
      event.preventDefault();
      send();
    }
  };

  return (
    <div className="rounded-2xl border border-line-strong bg-raised shadow-sm focus-within:border-accent focus-within:ring-2 focus-within:ring-accent/25">
      <label htmlFor="composer" className="sr-only">
        Message to the agent
      </label>
      <textarea
        id="composer"
        ref={input}
        value={text}
        rows={1}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder={disabledReason ?? placeholder}
        disabled={Boolean(disabledReason)}
        aria-keyshortcuts="Enter Control+Enter"
        className="block field-sizing-content max-h-60 min-h-12 w-full resize-none bg-transparent px-4 pt-3 pb-1 outline-none pointer-coarse:text-base"
      />
      <div className="flex items-center gap-2 px-2.5 pb-2.5">
        <p className="min-w-0 flex-1 truncate ps-1.5 text-xs text-ink-muted max-sm:invisible">
          {running
            ? "A message sent now waits for this turn to end · Esc stops"
            : "Enter sends · Shift-Enter breaks the line"}
        </p>
        {running && (
          <button
            type="button"
            onClick={props.onStop}
            disabled={stopping}
            className="inline-flex h-8 items-center gap-1.5 rounded-lg border border-line-strong px-2.5 text-xs font-medium hover:bg-bad-soft hover:text-bad disabled:opacity-60 pointer-coarse:h-11"
          >
            <Square aria-hidden className="size-3 fill-current" />
            {stopping ? "Stopping…" : "Stop"}
          </button>
        )}
        <button
          type="button"
          onClick={send}
          disabled={!text.trim() || Boolean(disabledReason)}
          aria-label={running ? "Queue message" : "Send message"}
          title={running ? "Queue message" : "Send message"}
          className="inline-flex size-8 items-center justify-center rounded-lg bg-accent text-accent-ink hover:brightness-110 disabled:bg-sunken disabled:text-ink-muted pointer-coarse:size-11"
        >
          <ArrowUp aria-hidden className="size-4.5" />
        </button>
      </div>
    </div>
  );
}

function readDraft(key: string): string {
  try {
    return sessionStorage.getItem(`slipway.draft.${key}`) ?? "";
  } catch {
    return "";
  }
}

function writeDraft(key: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(`slipway.draft.${key}`, text);
    else sessionStorage.removeItem(`slipway.draft.${key}`);
  } catch {
    // Without storage the draft lives as long as the page.
  }
}
