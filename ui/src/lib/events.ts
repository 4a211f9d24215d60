/** What `GET …/events` carries, in an envelope that is the same for all types. */
export interface ProjectEvent {
  id?: string;
  type: string;
  timestamp?: string;
  /** The id of what it is about, or an object that names it. */
  resource?: unknown;
  data: Record<string, unknown>;
}

const TYPES = [
  "session_updated",
  "session_removed",
  "session_applied",
  "workspace_updated",
  "workspace_removed",
  "message_added",
  "turn_finished",
  "queue_updated",
  "permission_requested",
  "permission_resolved",
  "credential_updated",
  "agent_updated",
  "member_updated",
  "project_updated",
  "egress_blocked",
  "job_completed",
  "gap",
] as const;

type Listener = (event: ProjectEvent) => void;

/**
 * One `EventSource` for all open tabs of a project: browsers allow six connections per server on HTTP/1.1, and a
 * seventh tab could not even load. The tab that holds the lock listens and passes on; when it closes, the lock, and
 * with it the work, goes to another one, which starts after the last id that was passed on.
 */
export class ProjectEvents {
  readonly #project: string;
  readonly #listeners = new Set<Listener>();
  readonly #onConnected: (connected: boolean) => void;
  readonly #channel: BroadcastChannel | null;
  readonly #closed = new AbortController();
  #source: EventSource | null = null;
  #lastId: string | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(project: string, onConnected: (connected: boolean) => void) {
    this.#project = project;
    this.#onConnected = onConnected;
    const name = `slipway.events.${project}`;
    this.#channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(name) : null;
    this.#channel?.addEventListener("message", (message) => this.#passOn(message.data as ProjectEvent));
    if (navigator.locks) {
      navigator.locks
        .request(name, { signal: this.#closed.signal }, () => this.#lead())
        .catch(() => undefined);
    } else {
      void this.#lead();
    }
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed.abort();
    this.#channel?.close();
    this.#source?.close();
    clearTimeout(this.#retry);
  }

  /** Resolves when this tab closes the project: until then the lock is ours. */
  #lead(): Promise<void> {
    this.#connect();
    return new Promise((resolve) => {
      this.#closed.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  #connect(): void {
    if (this.#closed.signal.aborted) {
      return;
    }
    const after = this.#lastId ? `?after=${encodeURIComponent(this.#lastId)}` : "";
    const source = new EventSource(`/api/projects/${this.#project}/events${after}`);
    this.#source = source;
    source.addEventListener("open", () => this.#onConnected(true));
    source.addEventListener("error", () => {
      this.#onConnected(false);
      // The browser retries by itself unless the server refused (503 while starting, 401).
      if (source.readyState === EventSource.CLOSED) {
        source.close();
        this.#retry = setTimeout(() => this.#connect(), 3_000);
      }
    });
    for (const type of TYPES) {
      source.addEventListener(type, (message) => this.#received(type, message));
    }
  }

  #received(type: string, message: MessageEvent<string>): void {
    const event = eventOf(type, message.data);
    if (message.lastEventId) {
      event.id = message.lastEventId;
    }
    this.#channel?.postMessage(event);
    this.#passOn(event);
  }

  #passOn(event: ProjectEvent): void {
    this.#lastId = event.id ?? this.#lastId;
    for (const listener of this.#listeners) {
      listener(event);
    }
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
