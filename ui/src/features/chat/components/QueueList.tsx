import { ArrowDown, ArrowUp, Clock3, Pencil, Trash2, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, IconButton } from "@/components/Button";
import { ProblemNotice } from "@/components/Notice";
import { useAction } from "@/lib/use-action";
import type { ChatStore } from "../store/chat-store";
import type { ChatMessage } from "../store/types";
import { textOf } from "./MessageView";

interface QueueListProps {
  queue: readonly ChatMessage[];
  store: ChatStore;
  /** Takes a message that could not be sent back to the composer. */
  onDiscard: (message: ChatMessage) => void;
}

/** What waits for the running turn to end. Until the agent has it, it can be said differently, moved or taken back. */
export function QueueList({ queue, store, onDiscard }: QueueListProps) {
  const [editing, setEditing] = useState<string | null>(null);
  const change = useAction(async (action: () => Promise<void>) => {
    await action();
    setEditing(null);
  });
  const changeable = queue.filter((message) => message.turnId);
  return (
    <div>
      <ul
        aria-label="Queued messages"
        className="max-h-48 divide-y divide-line overflow-y-auto rounded-xl border border-line bg-surface"
      >
        {queue.map((message) =>
          editing === message.id ? (
            <Editor
              key={message.id}
              message={message}
              busy={change.busy}
              onSave={(text) => change.run(() => store.editQueued(message, text))}
              onClose={() => setEditing(null)}
            />
          ) : (
            <li key={message.id} className="flex min-h-10 items-center gap-2 ps-3 pe-1 text-sm">
              <Clock3 aria-hidden className="size-4 shrink-0 text-ink-muted" />
              <span className="min-w-0 flex-1 truncate">{textOf(message) || "Attachment"}</span>
              {message.status === "unsent" ? (
                <>
                  <span className="text-xs text-bad">Not sent: {message.error}</span>
                  <IconButton label="Take back" onClick={() => onDiscard(message)}>
                    <X aria-hidden className="size-4" />
                  </IconButton>
                </>
              ) : message.turnId ? (
                <Actions
                  message={message}
                  first={message === changeable[0]}
                  last={message === changeable.at(-1)}
                  busy={change.busy}
                  onEdit={() => setEditing(message.id)}
                  onMove={(by) => change.run(() => store.moveQueued(message, by))}
                  onRemove={() => change.run(() => store.removeQueued(message))}
                />
              ) : (
                <span className="pe-2 text-xs text-ink-muted">Queued</span>
              )}
            </li>
          ),
        )}
      </ul>
      {change.error !== null && <ProblemNotice error={change.error} className="mt-2" />}
    </div>
  );
}

interface ActionsProps {
  message: ChatMessage;
  first: boolean;
  last: boolean;
  busy: boolean;
  onEdit: () => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

function Actions({ first, last, busy, onEdit, onMove, onRemove }: ActionsProps) {
  return (
    <span className="flex shrink-0">
      {!(first && last) && (
        <>
          <IconButton label="Earlier" disabled={busy || first} onClick={() => onMove(-1)}>
            <ArrowUp aria-hidden className="size-4" />
          </IconButton>
          <IconButton label="Later" disabled={busy || last} onClick={() => onMove(1)}>
            <ArrowDown aria-hidden className="size-4" />
          </IconButton>
        </>
      )}
      <IconButton label="Edit queued message" disabled={busy} onClick={onEdit}>
        <Pencil aria-hidden className="size-4" />
      </IconButton>
      <IconButton label="Remove from the queue" disabled={busy} onClick={onRemove}>
        <Trash2 aria-hidden className="size-4" />
      </IconButton>
    </span>
  );
}

function Editor({
  message,
  busy,
  onSave,
  onClose,
}: {
  message: ChatMessage;
  busy: boolean;
  onSave: (text: string) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState(() => textOf(message));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(text.trim());
  };
  return (
    <li className="p-2">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
        <textarea
          aria-label="Queued message"
          value={text}
          rows={2}
          // biome-ignore lint/a11y/noAutofocus: whoever pressed "Edit" wants to write
          autoFocus
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              event.stopPropagation();
              onClose();
            }
          }}
          className="field-sizing-content max-h-40 min-h-16 min-w-48 flex-1 rounded-lg border border-line-strong bg-canvas px-2.5 py-1.5 text-sm pointer-coarse:text-base"
        />
        <Button size="small" onClick={onClose}>
          Cancel
        </Button>
        <Button size="small" look="primary" type="submit" busy={busy} disabled={!text.trim()}>
          Save
        </Button>
      </form>
    </li>
  );
}
