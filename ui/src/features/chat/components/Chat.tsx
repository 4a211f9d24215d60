import { ArrowDown, MessageSquareText, WifiOff } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Notice, ProblemNotice } from "@/components/Notice";
import { sessionOf } from "@/lib/events";
import { useAction } from "@/lib/use-action";
import { useProjectEvents } from "@/lib/use-project-events";
import { answerRequest } from "../api/answer-request";
import { getCommands } from "../api/get-commands";
import { type Draft, draftOf } from "../store/draft";
import type { ChatMessage } from "../store/types";
import { useChat } from "../store/use-chat";
import { Announcer } from "./Announcer";
import { Composer } from "./Composer";
import { ChatContext } from "./chat-context";
import { MessageView } from "./MessageView";
import { QueueList } from "./QueueList";
import { RequestOptions } from "./RequestOptions";
import { openRequests } from "./requests";
import { useStickToBottom } from "./use-stick-to-bottom";
import { WorkSettings } from "./WorkSettings";
import { readWish, writeWish } from "./wishes";

interface ChatProps {
  project: string;
  session: string;
  /** Shown above the composer: the session's own state. */
  notice?: ReactNode;
  disabledReason?: string | null;
  onTurnEnded?: () => void;
  /** Paths of the sandbox's files that match, for @ in the composer. */
  findFiles: (query: string) => Promise<string[]>;
}

/** The conversation with an agent: transcript, what it asks, what waits, and the composer. */
export function Chat({ project, session, notice, disabledReason, onTurnEnded, findFiles }: ChatProps) {
  const [chat, store] = useChat(project, session);
  const [answered, setAnswered] = useState<Record<string, string>>({});
  const [restored, setRestored] = useState<{ token: number; draft: Draft } | null>(null);
  const [wish, setWish] = useState(() => readWish(session));
  const stick = useStickToBottom(chat.messages, session);
  const stopping = useAction(() => store.stop());
  const requests = openRequests(chat.messages).filter((request) => !(request.requestId in answered));

  useProjectEvents((event) => {
    if (event.type === "gap" || (sessionOf(event) === session && event.type === "message_added")) {
      if (!chat.streaming) void store.load();
    }
    if (sessionOf(event) === session && event.data.status === "running") {
      void store.follow();
    }
    if (sessionOf(event) === session && /^queue_/.test(event.type)) {
      void store.refreshQueue();
    }
  });

  useEffect(() => {
    if (!chat.streaming) onTurnEnded?.();
  }, [chat.streaming, onTurnEnded]);

  // A message that was accepted while a turn runs can be changed once its turn is known.
  const unnamed = chat.queue
    .filter((message) => message.status === "done" && !message.turnId)
    .map((message) => message.id)
    .join();
  useEffect(() => {
    if (unnamed) void store.refreshQueue();
  }, [unnamed, store]);

  const sources = useMemo(
    () => ({
      commands: async () => {
        const commands = await getCommands(project, session);
        return commands.map(({ name, description, hint }) => ({
          value: name,
          detail: [hint, description].filter(Boolean).join(" · "),
        }));
      },
      files: async (query: string) => (await findFiles(query)).map((value) => ({ value })),
    }),
    [project, session, findFiles],
  );

  const first = requests[0];
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key === "Escape" && chat.streaming && !document.querySelector("dialog[open],[role=menu]")) {
        stopping.run();
      }
      const option = first?.kind === "permission" ? first.options[Number(event.key) - 1] : undefined;
      if (!typing && first && option && !event.ctrlKey && !event.metaKey && !event.altKey) {
        setAnswered((before) => ({ ...before, [first.requestId]: option.optionId }));
        answerRequest(project, session, first.requestId, { optionId: option.optionId }).catch(() =>
          setAnswered(({ [first.requestId]: _, ...rest }) => rest),
        );
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });

  const onRetry = useCallback(
    (message: ChatMessage) => void store.send(draftOf(message), message.id),
    [store],
  );
  const onDiscard = useCallback(
    (message: ChatMessage) => {
      store.discard(message.id);
      setRestored((before) => ({ token: (before?.token ?? 0) + 1, draft: draftOf(message) }));
    },
    [store],
  );
  const context = useMemo(
    () => ({
      project,
      session,
      answered,
      onAnswered: (id: string, option: string) => setAnswered((before) => ({ ...before, [id]: option })),
    }),
    [project, session, answered],
  );

  return (
    <ChatContext value={context}>
      <section aria-label="Conversation" className="relative flex min-h-0 flex-1 flex-col">
        <div
          ref={stick.viewport}
          role="log"
          aria-live="off"
          tabIndex={0}
          className="min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
        >
          <div ref={stick.content} className="mx-auto flex max-w-3xl flex-col gap-6 px-4 py-6 sm:px-6">
            {chat.phase === "failed" && (
              <Notice
                tone="bad"
                title="The conversation could not be read"
                action={
                  <Button size="small" onClick={() => void store.load()}>
                    Try again
                  </Button>
                }
              >
                {chat.loadError}
              </Notice>
            )}
            {chat.olderCursor && (
              <Button
                look="ghost"
                size="small"
                className="self-center"
                onClick={() => void stick.keepPlace(() => store.loadOlder())}
              >
                Show earlier messages
              </Button>
            )}
            {chat.phase === "ready" && chat.messages.length === 0 && (
              <EmptyState
                icon={<MessageSquareText aria-hidden className="size-5" />}
                title="Nothing said yet"
              >
                Tell the agent what to change. It works on its own branch in its own container, so you can
                look before anything reaches your workspace.
              </EmptyState>
            )}
            {chat.messages.map((message) => (
              <div key={message.id} className="[contain-intrinsic-size:auto_160px] [content-visibility:auto]">
                <MessageView message={message} onRetry={onRetry} onDiscard={onDiscard} />
              </div>
            ))}
          </div>
        </div>
        {!stick.atBottom && (
          <div className="pointer-events-none relative">
            <button
              type="button"
              onClick={stick.toBottom}
              className="pointer-events-auto absolute bottom-3 left-1/2 inline-flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full border border-line-strong bg-raised px-3 text-xs font-medium shadow-lg hover:bg-sunken pointer-coarse:h-11"
            >
              <ArrowDown aria-hidden className="size-3.5" /> Jump to latest
            </button>
          </div>
        )}
        <div className="mx-auto w-full max-w-3xl space-y-2.5 px-4 pb-4 sm:px-6">
          {notice}
          {chat.reconnecting && (
            <p role="status" className="flex items-center gap-2 text-xs text-warn">
              <WifiOff aria-hidden className="size-3.5" /> Connection lost. The agent works on; reconnecting…
            </p>
          )}
          {stopping.error !== null && <ProblemNotice error={stopping.error} />}
          {first?.kind === "question" && !stick.atBottom && (
            <div className="flex items-center gap-3 rounded-xl border border-warn/50 bg-warn-soft px-3.5 py-2.5">
              <p className="min-w-0 flex-1 truncate text-sm font-medium">{first.title}</p>
              <Button size="small" onClick={stick.toBottom}>
                Answer
              </Button>
            </div>
          )}
          {first?.kind === "permission" && !stick.atBottom && (
            <div className="rounded-xl border border-warn/50 bg-warn-soft px-3.5 py-2.5">
              <p className="mb-2 truncate text-sm font-medium">{first.title}</p>
              <RequestOptions request={first} />
            </div>
          )}
          {chat.queue.length > 0 && <QueueList queue={chat.queue} store={store} onDiscard={onDiscard} />}
          <Composer
            draftKey={session}
            running={chat.streaming}
            stopping={chat.stopping}
            disabledReason={disabledReason}
            placeholder={chat.messages.length === 0 ? "What should the agent do?" : "Reply to the agent"}
            sources={sources}
            settings={
              <WorkSettings
                project={project}
                session={session}
                wish={wish}
                currentMode={currentModeOf(chat.live.mode)}
                onWish={(changed) => {
                  writeWish(session, changed);
                  setWish(changed);
                }}
              />
            }
            onSend={(draft) => {
              stick.toBottom();
              void store.send(Object.keys(wish).length > 0 ? { ...draft, wish } : draft);
            }}
            onStop={() => stopping.run()}
            restored={restored}
          />
        </div>
        <Announcer messages={chat.messages} streaming={chat.streaming} />
      </section>
    </ChatContext>
  );
}

function currentModeOf(mode: unknown): string | null {
  const id = (mode as { currentModeId?: unknown } | null | undefined)?.currentModeId;
  return typeof id === "string" && id !== "default" ? id : null;
}
