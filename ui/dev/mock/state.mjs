import { randomUUID } from "node:crypto";

/** All that the mock knows; it forgets when it ends. The shapes are those of the public API. */
export function createState() {
  const listeners = new Set();
  const log = [];
  const state = {
    projects: [{ id: "local", name: "Local", role: "owner" }],
    workspaces: new Map(),
    sessions: new Map(),
    agents: new Map(),
    credentials: new Map(),
    messages: new Map(),
    turns: new Map(),
    egress: new Map(),
    allowed: new Set(),
    shells: new Map(),
    /** The model and mode that the last message asked for; a test looks at it. */
    wishes: new Map(),
    files: new Map(),
    /** Where a test makes the mock wait, so that what passes quickly can be looked at: a status of the start, or `turn`, an answer's end. */
    held: new Set(),
    /** Which sessions' chat a stream of events carries, by the name that its reader gave it, and the streams that are open. */
    subscriptions: new Map(),
    streams: new Set(),
    newest: () => log.length,
    /** Puts an event in the log and to all who listen. */
    emit(type, data) {
      const event = {
        id: String(log.length + 1),
        type,
        timestamp: new Date().toISOString(),
        resource: { type: data.sessionId ? "session" : "workspace", id: data.sessionId ?? data.workspaceId },
        data,
      };
      log.push(event);
      for (const listener of listeners) listener(event);
    },
    /** Gives what follows `after`, then everything that comes. */
    listen(after, listener) {
      if (after !== null) log.filter((event) => Number(event.id) > after).forEach(listener);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setStatus(session, status, detail = { phase: null, progress: null, message: null }) {
      Object.assign(session, { status, statusDetail: detail, updatedAt: new Date().toISOString() });
      const { workspaceId, name, errorMessage } = session;
      state.emit("session_updated", {
        sessionId: session.id,
        workspaceId,
        name,
        status,
        ...detail,
        errorMessage,
      });
    },
  };
  return state;
}

export function newSession(state, body) {
  const id = body.id ?? randomUUID();
  const now = new Date().toISOString();
  const session = {
    id,
    projectId: "local",
    workspaceId: body.workspaceId,
    agentId: body.agentId ?? [...state.agents.values()].find((agent) => agent.isDefault)?.id,
    name: body.name ?? null,
    displayName: null,
    status: "initializing",
    statusDetail: { phase: "initializing", progress: null, message: null },
    errorMessage: null,
    branch: `slipway/${id.slice(0, 8)}`,
    baseCommit: "3f9c2d7a51e0",
    headCommit: "3f9c2d7a51e0",
    appliedCommit: null,
    usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
    createdAt: now,
    updatedAt: now,
    lastActivityAt: now,
  };
  state.sessions.set(id, session);
  state.messages.set(id, []);
  state.egress.set(id, []);
  return session;
}

/** Walks a session through the states of a real start. */
export async function startSession(state, session) {
  const steps = [
    ["cloning", "Preparing the branch", 20],
    ["pulling_image", "slipway/sandbox:0.1.0", 60],
    ["creating_sandbox", "Starting the agent", 90],
  ];
  for (const [status, message, progress] of steps) {
    state.setStatus(session, status, { phase: status, progress, message });
    do await new Promise((resolve) => setTimeout(resolve, 350));
    while (state.held.has(status));
  }
  if (session.status !== "removing") state.setStatus(session, "ready");
}
