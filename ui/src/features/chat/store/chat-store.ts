import type { ChatFrame, ProjectEvents } from "@/lib/events";
import { detailOf, ProblemError } from "@/lib/http";
import { newId } from "@/lib/ids";
import { readSse, type SseFrame } from "@/lib/sse";
import { cancelTurn } from "../api/cancel-turn";
import { editQueued } from "../api/edit-queued";
import { getMessages } from "../api/get-messages";
import { orderQueue } from "../api/order-queue";
import { postChat } from "../api/post-chat";
import { getQueue, type QueuedTurn } from "../api/queue";
import { removeQueued } from "../api/remove-queued";
import { resumeStream } from "../api/resume-stream";
import { type Draft, draftOf, partsOf, wireParts } from "./draft";
import { mergeHistory, prependHistory } from "./history";
import { moved, syncQueue } from "./queue";
import { endTurn, isStreaming, reduce } from "./reduce";
import { type ChatMessage, type ChatState, EMPTY_CHAT, type PlacedChunk } from "./types";

export interface ChatSnapshot extends ChatState {
  /** `loading` until the first page of history is there. */
  phase: "loading" | "ready" | "failed";
  /** Why history could not be read. */
  loadError: string | null;
  /** The stream of a running turn was lost and is being found again. */
  reconnecting: boolean;
  /** A turn runs, as far as its stream says. */
  streaming: boolean;
  /** The user asked to stop and the agent has not confirmed yet. */
  stopping: boolean;
  /** There is history before the first message shown. */
  olderCursor: string | null;
}

/** A connection that carries this conversation alone. */
interface Reader {
  /** None yet for one that has just opened. */
  turns: Set<string>;
  /** Ends it, since the project's line has caught up with it. */
  handOver: AbortController;
}

const BACKOFF_FIRST = 250;
const BACKOFF_MAX = 8_000;

/**
 * One session's conversation, kept apart from the components that show it: leaving a page never loses a chunk, and
 * coming back goes on after the last one seen. Chunks are applied once per frame, however fast they come.
 */
export class ChatStore {
  readonly #project: string;
  readonly #session: string;
  readonly #listeners = new Set<() => void>();
  #snapshot: ChatSnapshot = {
    ...EMPTY_CHAT,
    phase: "loading",
    loadError: null,
    reconnecting: false,
    streaming: false,
    stopping: false,
    olderCursor: null,
  };
  #pending: PlacedChunk[] = [];
  #flushScheduled = false;
  /** The connections of this page's own. */
  readonly #readers = new Set<Reader>();
  /** The last chunk that came of each turn, by whichever way. */
  readonly #reached = new Map<string, number>();
  #line: Pick<ProjectEvents, "follow" | "connected"> | null = null;
  #leaveLine: (() => void) | null = null;
  /** The turn that comes by the project's line. */
  #lineTurn: string | null = null;
  #following = false;
  #attached = false;
  #lifetime: AbortController | null = null;
  #wake: (() => void) | null = null;

  constructor(project: string, session: string) {
    this.#project = project;
    this.#session = session;
  }

  readonly getSnapshot = (): ChatSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Somebody looks: history is read and a running turn followed, until `detach`. */
  attach(): void {
    if (this.#attached) {
      return;
    }
    this.#attached = true;
    this.#lifetime ??= new AbortController();
    this.#followLine();
    void this.load().then(() => this.follow());
  }

  /**
   * Takes the conversation from the line that all tabs share. A connection of its own is then only for what the line does
   * not have: a turn that ran before it was asked for, an answer that just begins, and the time while it is broken.
   */
  join(line: Pick<ProjectEvents, "follow" | "connected"> | null): void {
    if (line !== this.#line) {
      this.#leave();
      this.#line = line;
      if (this.#attached) this.#followLine();
    }
  }

  #followLine(): void {
    this.#leaveLine ??=
      this.#line?.follow(this.#session, {
        frame: (frame) => this.#fromLine(frame),
        lost: () => {
          this.#lineTurn = null;
          if (this.#snapshot.streaming) void this.follow();
        },
      }) ?? null;
  }

  #leave(): void {
    this.#leaveLine?.();
    this.#leaveLine = null;
    this.#lineTurn = null;
  }

  #fromLine(frame: ChatFrame): void {
    if (frame.done) {
      const turn = this.#lineTurn;
      this.#lineTurn = null;
      this.#flush();
      if (turn) {
        this.#set(endTurn(this.#snapshot, turn));
        void this.follow();
      }
      return;
    }
    const placed = placeOf(frame.id, frame.chunk);
    if (!placed || placed.seq === null) {
      return;
    }
    const reached = this.#reached.get(placed.turn);
    const follows = reached === undefined ? placed.chunk.type === "start" : placed.seq <= reached + 1;
    if (!follows) {
      // What was said before is fetched; that connection brings this chunk as well.
      void this.follow();
      return;
    }
    this.#lineTurn = placed.turn;
    this.#enqueue(placed);
    for (const reader of this.#readers) {
      if (reader.turns.has(placed.turn)) reader.handOver.abort();
    }
  }

  /** Nobody looks any more. The agent works on; only this connection ends. */
  detach(): void {
    this.#attached = false;
    this.#leave();
    this.#lifetime?.abort();
    this.#lifetime = null;
  }

  async load(): Promise<void> {
    try {
      const page = await getMessages(this.#project, this.#session);
      const first = this.#snapshot.phase !== "ready";
      this.#set({
        ...mergeHistory(this.#snapshot, page.messages),
        phase: "ready",
        loadError: null,
        ...(first ? { olderCursor: page.nextCursor ?? null } : {}),
      });
      if (this.#mayWait()) void this.refreshQueue();
    } catch (error) {
      if (this.#snapshot.phase !== "ready") {
        this.#set({ phase: "failed", loadError: detailOf(error) });
      }
    }
  }

  async loadOlder(): Promise<void> {
    const cursor = this.#snapshot.olderCursor;
    if (!cursor) {
      return;
    }
    const page = await getMessages(this.#project, this.#session, cursor);
    this.#set({ ...prependHistory(this.#snapshot, page.messages), olderCursor: page.nextCursor ?? null });
  }

  /** Sends the message, or with an id sends that unsent message again. */
  async send(draft: Draft, id: string = newId()): Promise<void> {
    const message: ChatMessage = {
      id,
      role: "user",
      parts: partsOf(draft),
      status: "sending",
      ...(draft.wish ? { wish: draft.wish } : {}),
    };
    this.#flush();
    const rest = this.#snapshot.messages.filter((other) => other.id !== id);
    if (this.#snapshot.streaming) {
      this.#set({ messages: rest, queue: [...this.#snapshot.queue, message] });
    } else {
      this.#set({ messages: [...rest, message] });
    }
    this.#lifetime ??= new AbortController();
    const { signal } = this.#lifetime;
    try {
      const response = await postChat(this.#project, this.#session, id, draft, signal);
      this.#mark(id, { status: "done" });
      if ((await this.#read(response, id)) === "lost") {
        void this.follow();
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#mark(id, { status: "unsent", error: detailOf(error) });
      }
    }
  }

  /** Takes an unsent message back; its text goes to the composer. */
  discard(id: string): void {
    this.#set({
      messages: this.#snapshot.messages.filter((message) => message.id !== id),
      queue: this.#snapshot.queue.filter((message) => message.id !== id),
    });
  }

  /** Asks what waits. A server without such a list leaves the queue as this page knows it. */
  async refreshQueue(): Promise<void> {
    try {
      this.#queued(await getQueue(this.#project, this.#session));
    } catch {
      // Nothing can be changed then; what is shown stays right.
    }
  }

  async editQueued(message: ChatMessage, text: string): Promise<void> {
    const parts = wireParts({ ...draftOf(message), text });
    await this.#change(() => editQueued(this.#project, this.#session, message.turnId ?? "", parts));
  }

  async removeQueued(message: ChatMessage): Promise<void> {
    // Before its turn's stream says that it was aborted: it is to vanish, not to join the transcript.
    this.discard(message.id);
    await this.#change(() => removeQueued(this.#project, this.#session, message.turnId ?? ""));
  }

  async moveQueued(message: ChatMessage, by: -1 | 1): Promise<void> {
    const order = moved(this.#snapshot.queue, message.id, by);
    if (order) await this.#change(() => orderQueue(this.#project, this.#session, order));
  }

  /** A change that came too late leaves the queue as it is by now. */
  async #change(change: () => Promise<QueuedTurn[]>): Promise<void> {
    try {
      this.#queued(await change());
    } catch (error) {
      await this.refreshQueue();
      throw error;
    }
  }

  #queued(server: QueuedTurn[]): void {
    this.#flush();
    const synced = syncQueue(this.#snapshot, server);
    if (synced !== this.#snapshot) this.#set(synced);
  }

  /** Can there be messages that wait? Only behind a prompt without an answer. */
  #mayWait(): boolean {
    const { messages, queue, streaming } = this.#snapshot;
    return streaming || queue.length > 0 || messages.at(-1)?.role === "user";
  }

  async stop(): Promise<void> {
    this.#set({ stopping: true });
    try {
      await cancelTurn(this.#project, this.#session);
    } catch (error) {
      this.#set({ stopping: false });
      if (error instanceof ProblemError && error.problem.status === 409) {
        await this.#settle();
        return;
      }
      throw error;
    }
  }

  /** Follows the running turn, if any, and finds it again when the connection is lost. */
  async follow(): Promise<void> {
    const signal = this.#lifetime?.signal;
    if (!signal || signal.aborted || this.#following || this.#served()) {
      return;
    }
    this.#following = true;
    let delay = BACKOFF_FIRST;
    try {
      while (!signal.aborted) {
        const resumed = await this.#resumeOnce(signal);
        if (resumed === "idle") {
          return;
        }
        delay = resumed === "ended" ? BACKOFF_FIRST : delay;
        if (resumed === "lost") {
          this.#set({ reconnecting: true });
          await this.#pause(delay, signal);
          delay = Math.min(delay * 2, BACKOFF_MAX) * (0.75 + Math.random() / 2);
        }
      }
    } finally {
      this.#following = false;
      this.#set({ reconnecting: false });
    }
  }

  /** The network came back, or the page was shown again: no need to wait any longer. */
  wake(): void {
    this.#wake?.();
    void this.follow();
  }

  async #resumeOnce(signal: AbortSignal): Promise<"idle" | "ended" | "lost"> {
    const from = this.#openTurn()?.[0] ?? null;
    try {
      const response = await resumeStream(this.#project, this.#session, from, signal);
      if (response.status === 204) {
        await this.#settle();
        return "idle";
      }
      const outcome = await this.#read(response);
      // The line carries it on: there is nothing left to follow.
      return outcome === "handed over" ? "idle" : outcome;
    } catch (error) {
      // The session was deleted, or is not ours: nothing to find again.
      const status = error instanceof ProblemError ? error.problem.status : 0;
      return status >= 400 && status < 500 && status !== 408 && status !== 429 ? "idle" : "lost";
    }
  }

  /** `ended` with `[DONE]`; `lost` when it broke before; `handed over` when the line that all tabs share goes on with it. */
  async #read(response: Response, promptId?: string): Promise<"ended" | "lost" | "handed over"> {
    const ownKey = `reader-${newId()}`;
    const reader: Reader = { turns: new Set(), handOver: new AbortController() };
    this.#readers.add(reader);
    let done = false;
    try {
      await readSse(
        response,
        (frame) => {
          this.#set({ reconnecting: false }, false);
          if (frame.data === "[DONE]") {
            done = true;
            return;
          }
          const placed = placeOf(frame.id, chunkOf(frame), ownKey, promptId);
          if (placed) {
            reader.turns.add(placed.turn);
            this.#enqueue(placed);
          }
        },
        reader.handOver.signal,
      );
    } catch {
      // Whether it broke or fell silent, the answer is the same: find it again.
    } finally {
      this.#readers.delete(reader);
    }
    this.#flush();
    if (done) {
      for (const turn of reader.turns) {
        this.#set(endTurn(this.#snapshot, turn));
      }
      void this.follow();
      return "ended";
    }
    return reader.handOver.signal.aborted ? "handed over" : "lost";
  }

  #enqueue(placed: PlacedChunk): void {
    const reached = this.#reached.get(placed.turn) ?? -1;
    if (placed.seq !== null && placed.seq <= reached) {
      return;
    }
    if (placed.seq !== null) this.#reached.set(placed.turn, placed.seq);
    this.#pending.push(placed);
    if (this.#flushScheduled) {
      return;
    }
    this.#flushScheduled = true;
    // A hidden page gets no animation frames, and its state must not lag for ever.
    if (document.visibilityState === "hidden") setTimeout(() => this.#flush(), 100);
    else requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#flushScheduled = false;
    if (this.#pending.length === 0) {
      return;
    }
    const chunks = this.#pending;
    this.#pending = [];
    let state: ChatState = this.#snapshot;
    for (const placed of chunks) {
      state = reduce(state, placed);
    }
    const unprompted = hasUnprompted(state) && !hasUnprompted(this.#snapshot);
    this.#set(state);
    if (unprompted && this.#snapshot.phase === "ready") void this.load();
  }

  /** The first turn that is not at its end, as the id of the last frame seen of it (null without ids). */
  #openTurn(): [string | null] | null {
    for (const [turn, { seq, messageId, ended }] of Object.entries(this.#snapshot.turns)) {
      if (!ended && messageId !== null) return [seq >= 0 ? `${turn}:${seq}` : null];
    }
    return null;
  }

  /** Does a connection carry the turn that runs? One that carries only a waiting turn does not count. */
  #served(): boolean {
    const { turns } = this.#snapshot;
    const runs = (turn: string) => Boolean(turns[turn]?.began && !turns[turn].ended);
    const byLine = this.#lineTurn !== null && this.#line?.connected === true && runs(this.#lineTurn);
    return (
      byLine || [...this.#readers].some(({ turns: carried }) => carried.size === 0 || [...carried].some(runs))
    );
  }

  /** Nothing runs on the server, so nothing can be open or waiting here. */
  async #settle(): Promise<void> {
    const queue = this.#snapshot.queue.filter((message) => message.status !== "done");
    if (this.#openTurn() || queue.length < this.#snapshot.queue.length) {
      this.#set({ queue });
      this.#endOpenTurns();
      await this.load();
    }
  }

  #endOpenTurns(): void {
    let state: ChatState = this.#snapshot;
    for (const turn of Object.keys(state.turns)) {
      state = endTurn(state, turn);
    }
    this.#set(state);
  }

  #mark(id: string, change: Partial<ChatMessage>): void {
    const apply = (message: ChatMessage) =>
      message.id === id ? { ...message, error: undefined, ...change } : message;
    this.#set({ messages: this.#snapshot.messages.map(apply), queue: this.#snapshot.queue.map(apply) });
  }

  #set(change: Partial<ChatSnapshot>, force = true): void {
    if (
      !force &&
      Object.entries(change).every(([key, value]) => this.#snapshot[key as keyof ChatSnapshot] === value)
    ) {
      return;
    }
    const next = { ...this.#snapshot, ...change };
    next.streaming = isStreaming(next);
    next.stopping = next.stopping && (next.streaming || change.stopping === true);
    this.#snapshot = next;
    for (const listener of this.#listeners) {
      listener();
    }
  }

  #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      this.#wake = finish;
      signal.addEventListener("abort", finish, { once: true });
    });
  }
}

/** Does a turn run whose prompt is not on screen, since somebody else sent it? */
function hasUnprompted({ turns, messages }: ChatState): boolean {
  return Object.values(turns).some(
    ({ began, ended, promptId }) =>
      began && !ended && promptId && !messages.some((message) => message.id === promptId),
  );
}

function chunkOf(frame: SseFrame): unknown {
  try {
    return JSON.parse(frame.data);
  } catch {
    return null;
  }
}

/** A chunk with its place; without an id in the form `<turn>:<seq>`, in the reader's own. */
function placeOf(id: string | null, chunk: unknown, ownKey = "", promptId?: string): PlacedChunk | null {
  if (!chunk || typeof chunk !== "object" || typeof (chunk as { type?: unknown }).type !== "string") {
    return null;
  }
  const colon = id?.lastIndexOf(":") ?? -1;
  const seq = colon > 0 ? Number(id?.slice(colon + 1)) : Number.NaN;
  const placed = { chunk: chunk as PlacedChunk["chunk"], ...(promptId ? { promptId } : {}) };
  return Number.isInteger(seq)
    ? { ...placed, turn: String(id?.slice(0, colon)), seq }
    : { ...placed, turn: ownKey, seq: null };
}
