import { openStream, ProblemError, request } from "./http";
import { newId } from "./ids";
import { readSse, type SseFrame } from "./sse";

/** What `GET …/events` carries, in an envelope that is the same for all types. */
export interface ProjectEvent {
  id?: string;
  type: string;
  timestamp?: string;
  /** The id of what it is about, or an object that names it. */
  resource?: unknown;
  data: Record<string, unknown>;
}

/** One chunk of a session's conversation; `[DONE]` has neither an id nor a chunk. */
export interface ChatFrame {
  id: string | null;
  chunk: unknown;
  done: boolean;
}

/** Somebody who follows a conversation. */
export interface ChatFollower {
  frame(frame: ChatFrame): void;
  /** The connection broke. It will be found again and then goes on where it was; until then there is nothing. */
  lost(): void;
}

/** What tabs tell each other. Only the one that leads has a connection. */
type Note =
  | { kind: "event"; event: ProjectEvent }
  | { kind: "chat"; session: string; frame: ChatFrame; position: string | null }
  | { kind: "line"; connected: boolean; position: string | null }
  | { kind: "who" }
  | { kind: "wants"; tab: string; sessions: string[] };

type Listener = (event: ProjectEvent) => void;

const RETRY_FIRST = 500;
const RETRY_MAX = 8_000;
/** As many as the gateway lets one stream carry. */
const SESSIONS_MAX = 20;
/** A tab that does not answer within this long is gone, or asleep, and says so itself when it wakes. */
const ANSWER_MAX = 5_000;
const ROLL_CALL = 60_000;
/** Of no use to anybody here. */
const OWN = new Set(["connected", "cut", "message"]);

/**
 * One connection for all open tabs of a project: browsers allow six per server on HTTP/1.1, and a seventh tab could not
 * even load. It carries the project's events and the conversations that the tabs follow. The tab that holds the lock
 * reads it and passes everything on; when it closes, the lock, and with it the work, goes to another one, which goes on
 * after the last position that was passed on. Where the browser has no locks or no channel each tab has its own.
 */
export class ProjectEvents {
  readonly #project: string;
  readonly #tab = newId();
  readonly #stream: string;
  readonly #listeners = new Set<Listener>();
  readonly #followers = new Map<string, Set<ChatFollower>>();
  readonly #onConnected: (connected: boolean) => void;
  readonly #channel: BroadcastChannel | null;
  readonly #closed = new AbortController();
  /** Who wants which conversations; kept by the tab that leads. */
  readonly #wants = new Map<string, string[]>();
  #answered = new Set<string>();
  #subscribed: string | null = null;
  #leads = false;
  #connected = false;
  #position: string | null = null;
  #wake: (() => void) | null = null;
  #change: ReturnType<typeof setTimeout> | undefined;
  #rollCall: ReturnType<typeof setInterval> | undefined;

  constructor(project: string, onConnected: (connected: boolean) => void) {
    this.#project = project;
    this.#onConnected = onConnected;
    const shared = typeof BroadcastChannel === "function" && Boolean(navigator.locks);
    const name = `slipway.events.${project}`;
    this.#stream = shared ? streamOfThisBrowser() : newId();
    this.#channel = shared ? new BroadcastChannel(name) : null;
    this.#channel?.addEventListener("message", (message) => this.#heard(message.data as Note));
    if (shared) {
      navigator.locks
        .request(name, { signal: this.#closed.signal }, () => this.#lead())
        .catch(() => undefined);
    } else {
      void this.#lead();
    }
    window.addEventListener("pagehide", this.#leave);
    window.addEventListener("pageshow", this.#say);
    window.addEventListener("online", this.#hurry);
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Has the conversation come along, until the answer is called. What was said before is not repeated. */
  follow(session: string, follower: ChatFollower): () => void {
    const followers = this.#followers.get(session) ?? new Set();
    this.#followers.set(session, followers.add(follower));
    this.#say();
    return () => {
      followers.delete(follower);
      if (followers.size === 0 && this.#followers.get(session) === followers) {
        this.#followers.delete(session);
        this.#say();
      }
    };
  }

  /** Is there a connection, here or in the tab that leads? */
  get connected(): boolean {
    return this.#connected;
  }

  close(): void {
    this.#leave();
    this.#closed.abort();
    this.#channel?.close();
    clearTimeout(this.#change);
    clearInterval(this.#rollCall);
    window.removeEventListener("pagehide", this.#leave);
    window.removeEventListener("pageshow", this.#say);
    window.removeEventListener("online", this.#hurry);
  }

  /** Tells whose conversations this tab wants. */
  readonly #say = (): void => {
    this.#tell({ kind: "wants", tab: this.#tab, sessions: [...this.#followers.keys()] });
  };

  /** A page that is hidden for good, or kept for the way back, wants nothing. */
  readonly #leave = (): void => {
    this.#tell({ kind: "wants", tab: this.#tab, sessions: [] });
  };

  readonly #hurry = (): void => {
    this.#wake?.();
  };

  /** To the other tabs, and to this one. */
  #tell(note: Note): void {
    if (this.#closed.signal.aborted) {
      return;
    }
    this.#channel?.postMessage(note);
    this.#heard(note);
  }

  #heard(note: Note): void {
    switch (note.kind) {
      case "event":
        this.#position = note.event.id ?? this.#position;
        for (const listener of this.#listeners) listener(note.event);
        return;
      case "chat":
        this.#position = note.position ?? this.#position;
        for (const follower of this.#followers.get(note.session) ?? []) follower.frame(note.frame);
        return;
      case "line":
        this.#position = note.position ?? this.#position;
        this.#line(note.connected);
        return;
      case "who":
        this.#say();
        return;
      case "wants":
        this.#wanted(note.tab, note.sessions);
    }
  }

  #line(connected: boolean): void {
    const lost = this.#connected && !connected;
    this.#connected = connected;
    this.#onConnected(connected);
    if (lost) {
      for (const followers of this.#followers.values()) for (const follower of followers) follower.lost();
    }
  }

  #wanted(tab: string, sessions: string[]): void {
    if (!this.#leads) {
      return;
    }
    this.#answered.add(tab);
    if (sessions.length === 0) this.#wants.delete(tab);
    else this.#wants.set(tab, sessions);
    // A tab that is new here has not heard yet how the line is.
    if (tab !== this.#tab) this.#channel?.postMessage(this.#state(this.#connected));
    this.#resubscribe(50);
  }

  /** Resolves when this tab closes the project: until then the lock is ours. */
  async #lead(): Promise<void> {
    this.#leads = true;
    this.#tell({ kind: "who" });
    this.#rollCall = setInterval(() => this.#callTheRoll(), ROLL_CALL);
    let delay = RETRY_FIRST;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      const wasOpen = await this.#listen(signal);
      if (signal.aborted) {
        return;
      }
      this.#tell(this.#state(false));
      delay = wasOpen ? RETRY_FIRST : Math.min(delay * 2, RETRY_MAX);
      await this.#pause(delay * (0.5 + Math.random()), signal);
    }
  }

  /** Reads the stream until it ends; whether there was one. */
  async #listen(signal: AbortSignal): Promise<boolean> {
    let open = false;
    try {
      const after = this.#position ? `&after=${encodeURIComponent(this.#position)}` : "";
      const path = `/api/projects/${this.#project}/events?stream=${this.#stream}${after}`;
      const response = await openStream(path, { signal });
      open = true;
      this.#tell(this.#state(true));
      await readSse(response, (frame) => this.#received(frame));
    } catch (error) {
      // Refused, broken or silent: all the same, it is asked for again; without a position that nobody knows.
      if (error instanceof ProblemError && error.problem.status === 400) this.#position = null;
    }
    return open;
  }

  #state(connected: boolean): Note {
    return { kind: "line", connected, position: this.#position };
  }

  #received(frame: SseFrame): void {
    if (frame.event === "chat") {
      const said = chatOf(frame.data);
      if (said) this.#tell({ kind: "chat", ...said, position: frame.id });
      return;
    }
    this.#position = frame.id ?? this.#position;
    if (OWN.has(frame.event)) {
      this.#tell(this.#state(true));
      return;
    }
    const event = eventOf(frame.event, frame.data);
    this.#tell({ kind: "event", event: frame.id ? { ...event, id: frame.id } : event });
  }

  /** Who does not answer wants nothing any more. */
  #callTheRoll(): void {
    this.#answered = new Set();
    this.#tell({ kind: "who" });
    setTimeout(() => {
      for (const tab of this.#wants.keys()) if (!this.#answered.has(tab)) this.#wants.delete(tab);
      this.#resubscribe(0);
    }, ANSWER_MAX);
  }

  #resubscribe(delay: number): void {
    clearTimeout(this.#change);
    this.#change = setTimeout(() => void this.#subscribe(), delay);
  }

  /** What follows: all that any tab wants. Kept by the gateway under the stream's name, also for its next connection. */
  async #subscribe(): Promise<void> {
    const sessions = [...new Set([...this.#wants.values()].flat())].slice(-SESSIONS_MAX).sort();
    const wish = sessions.join();
    if (this.#closed.signal.aborted || wish === this.#subscribed) {
      return;
    }
    try {
      const body = { stream: this.#stream, sessions };
      await request(`/api/projects/${this.#project}/events/subscriptions`, { method: "PUT", body });
      this.#subscribed = wish;
    } catch {
      // Until it succeeds each tab reads its conversation by a connection of its own.
      if (!this.#closed.signal.aborted) this.#resubscribe(RETRY_MAX);
    }
  }

  #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      this.#wake = finish;
      signal.addEventListener("abort", finish, { once: true });
    });
  }
}

const STREAM_KEY = "slipway.stream";

/** The same for all tabs, so that the one that leads next takes the subscriptions over. */
function streamOfThisBrowser(): string {
  try {
    const known = localStorage.getItem(STREAM_KEY) ?? newId();
    localStorage.setItem(STREAM_KEY, known);
    return known;
  } catch {
    return newId();
  }
}

function chatOf(data: string): { session: string; frame: ChatFrame } | null {
  try {
    const { sessionId, id, chunk, done } = JSON.parse(data) as Record<string, unknown>;
    if (typeof sessionId !== "string") {
      return null;
    }
    const frame = { id: typeof id === "string" && id ? id : null, chunk, done: done === true };
    return { session: sessionId, frame };
  } catch {
    return null;
  }
}

function eventOf(type: string, data: string): ProjectEvent {
  try {
    const parsed = JSON.parse(data) as Partial<ProjectEvent> | null;
    return { ...parsed, type, data: parsed?.data ?? {} };
  } catch {
    return { type, data: {} };
  }
}

/** The session that an event is about, wherever its sender put the id. */
export function sessionOf(event: ProjectEvent): string | null {
  const { resource, data } = event;
  if (typeof data.sessionId === "string") return data.sessionId;
  if (typeof resource === "string") return resource.split("/").pop() ?? null;
  if (resource && typeof resource === "object" && "id" in resource) return String(resource.id);
  return null;
}
