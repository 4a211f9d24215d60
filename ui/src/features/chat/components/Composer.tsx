import { clsx } from "clsx";
import { ArrowUp, Paperclip, Square } from "lucide-react";
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { IconButton } from "@/components/Button";
import { detailOf } from "@/lib/http";
import type { Attachment, Draft } from "../store/draft";
import { AttachmentList } from "./AttachmentList";
import { attach } from "./attachments";
import { readDraft, writeDraft } from "./drafts";
import { SuggestionList } from "./SuggestionList";
import { completed } from "./suggestions";
import { type SuggestionSources, useSuggestions } from "./use-suggestions";

interface ComposerProps {
  /** Under this key the draft is kept while the page is away. */
  draftKey: string;
  running: boolean;
  stopping: boolean;
  disabledReason?: string | null;
  placeholder: string;
  sources: SuggestionSources;
  /** How the agent is to work, beside the buttons. */
  settings?: ReactNode;
  onSend: (draft: Draft) => void;
  onStop: () => void;
  /** What comes back to be edited; a new `token` puts it in. */
  restored?: { token: number; draft: Draft } | null;
}

/** Where the user writes. Enter sends (on touch screens it breaks the line), Ctrl/⌘-Enter always sends, Escape stops. */
export function Composer(props: ComposerProps) {
  const { draftKey, running, stopping, disabledReason, placeholder, restored, sources } = props;
  const [text, setText] = useState(() => readDraft(draftKey));
  const [caret, setCaret] = useState(0);
  const [files, setFiles] = useState<readonly Attachment[]>([]);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [dragging, setDragging] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const listId = useId();
  const suggestions = useSuggestions(text, caret, sources);
  const { trigger, list, marked } = suggestions;
  useEffect(() => {
    setText(readDraft(draftKey));
    setFiles([]);
  }, [draftKey]);
  useEffect(() => {
    if (restored) {
      setText(restored.draft.text);
      setFiles(restored.draft.files ?? []);
      input.current?.focus();
    }
  }, [restored]);
  useEffect(() => writeDraft(draftKey, text), [draftKey, text]);

  const add = async (added: File[]) => {
    try {
      setFiles(await attach(files, added));
      setRefusal(null);
    } catch (cause) {
      setRefusal(detailOf(cause));
    }
  };
  const empty = !text.trim() && files.length === 0;
  const send = () => {
    if (!empty && !disabledReason) {
      props.onSend({ text: text.trim(), files });
      setText("");
      setFiles([]);
      setRefusal(null);
    }
  };
  const choose = (value: string) => {
    if (!trigger) return;
    const done = completed(text, trigger, value);
    setText(done.text);
    setCaret(done.caret);
    requestAnimationFrame(() => input.current?.setSelectionRange(done.caret, done.caret));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (list.length > 0 && suggesting(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const touch = matchMedia("(pointer: coarse)").matches;
    const plainEnter = event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
    if (plainEnter && (event.ctrlKey || event.metaKey || !touch)) {
      event.preventDefault();
      send();
    }
  };
  /** True when the key belonged to the suggestions. */
  const suggesting = (event: KeyboardEvent): boolean => {
    if (event.key === "ArrowDown") suggestions.mark((marked + 1) % list.length);
    else if (event.key === "ArrowUp") suggestions.mark((marked - 1 + list.length) % list.length);
    else if (event.key === "Escape") suggestions.dismiss();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && list[marked])
      choose(list[marked].value);
    else return false;
    return true;
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length > 0) {
      event.preventDefault();
      void add(pasted);
    }
  };
  const onDrop = (event: DragEvent) => {
    setDragging(false);
    if (event.dataTransfer.files.length > 0) {
      event.preventDefault();
      void add([...event.dataTransfer.files]);
    }
  };
  const onDrag = (event: DragEvent) => {
    if (event.dataTransfer.types.includes("Files")) {
      event.preventDefault();
      setDragging(event.type !== "dragleave");
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files; the paper clip does the same by keyboard
    <div
      onDrop={onDrop}
      onDragOver={onDrag}
      onDragLeave={onDrag}
      className={clsx(
        "relative rounded-2xl border bg-raised shadow-sm focus-within:border-accent focus-within:ring-2 focus-within:ring-accent/25",
        dragging ? "border-accent ring-2 ring-accent/50" : "border-line-strong",
      )}
    >
      {list.length > 0 && (
        <SuggestionList
          id={listId}
          label={trigger?.kind === "command" ? "Commands" : "Files"}
          list={list}
          marked={marked}
          onChoose={choose}
        />
      )}
      {(files.length > 0 || refusal) && (
        <div className="space-y-2 px-3 pt-3">
          {files.length > 0 && (
            <AttachmentList
              files={files}
              onRemove={(index) => setFiles(files.filter((_, other) => other !== index))}
            />
          )}
          {refusal && (
            <p role="alert" className="text-xs text-bad">
              {refusal}
            </p>
          )}
        </div>
      )}
      <label htmlFor="composer" className="sr-only">
        Message to the agent
      </label>
      <textarea
        id="composer"
        ref={input}
        value={text}
        rows={1}
        onChange={(event) => {
          setText(event.target.value);
          setCaret(event.target.selectionStart);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        placeholder={disabledReason ?? placeholder}
        disabled={Boolean(disabledReason)}
        aria-keyshortcuts="Enter Control+Enter"
        aria-autocomplete="list"
        aria-controls={list.length > 0 ? listId : undefined}
        aria-activedescendant={list.length > 0 ? `${listId}-${marked}` : undefined}
        className="block field-sizing-content max-h-60 min-h-12 w-full resize-none bg-transparent px-4 pt-3 pb-1 outline-none pointer-coarse:text-base"
      />
      <div className="flex items-center gap-1.5 px-2 pb-2">
        <input
          ref={picker}
          type="file"
          multiple
          tabIndex={-1}
          aria-label="Files to attach"
          className="hidden"
          onChange={(event) => {
            void add([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <IconButton
          label="Attach files"
          disabled={Boolean(disabledReason)}
          onClick={() => picker.current?.click()}
        >
          <Paperclip aria-hidden className="size-4" />
        </IconButton>
        {props.settings}
        <p className="min-w-0 flex-1 truncate ps-1.5 text-xs text-ink-muted max-sm:invisible">
          {running ? "Waits for this turn to end · Esc stops" : "/ commands · @ files"}
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
          disabled={empty || Boolean(disabledReason)}
          aria-label={running ? "Queue message" : "Send message"}
          title={running ? "Queue message" : "Send message"}
          className="inline-flex size-8 shrink-0 items-center justify-center rounded-lg bg-accent text-accent-ink hover:brightness-110 disabled:bg-sunken disabled:text-ink-muted pointer-coarse:size-11"
        >
          <ArrowUp aria-hidden className="size-4.5" />
        </button>
      </div>
    </div>
  );
}
