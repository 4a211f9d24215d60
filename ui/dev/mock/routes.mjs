import { randomUUID } from "node:crypto";
import { answerRequest, cancelChat, followChat, openRequests, postChat, push, resumeChat } from "./chat.mjs";
import { CREDENTIAL_ROUTES } from "./credentials.mjs";
import { diffOf } from "./diff.mjs";
import { bodyOf, json, openStreams, problem, sse } from "./http.mjs";
import { PEOPLE_ROUTES } from "./people.mjs";
import { FILE_ROUTES, newFiles } from "./sandbox-files.mjs";
import { SETTINGS_ROUTES } from "./settings.mjs";
import { newSession, startSession } from "./state.mjs";
import { terminalStatus } from "./terminal.mjs";

const TYPES = [
  {
    id: "claude-code",
    name: "Claude Code",
    description: "Anthropic's coding agent.",
    supportedAuthProviders: ["anthropic"],
  },
  {
    id: "opencode",
    name: "opencode",
    description: "Open source, any provider.",
    supportedAuthProviders: ["*"],
  },
  {
    id: "gemini-cli",
    name: "Gemini CLI",
    description: "Google's coding agent.",
    supportedAuthProviders: ["google"],
  },
  { id: "codex", name: "Codex", description: "OpenAI's coding agent.", supportedAuthProviders: ["openai"] },
];

const P = "/api/projects/:p";

/** `[method, path, handler]`; handlers get `{state, req, res, params, url}`. */
export const ROUTES = [
  [
    "PUT",
    "/mock/held/:name",
    ({ state, res, params }) => {
      state.held.add(params.name);
      json(res, 200, {});
    },
  ],
  [
    "DELETE",
    "/mock/held/:name",
    ({ state, res, params }) => {
      state.held.delete(params.name);
      json(res, 200, {});
    },
  ],
  ["GET", "/mock/connections", ({ res }) => json(res, 200, { open: openStreams.size })],
  ["GET", "/mock/wishes/:s", ({ state, res, params }) => json(res, 200, state.wishes.get(params.s) ?? {})],
  ["GET", "/health", ({ res }) => json(res, 200, { status: "ok", version: "mock" })],
  [
    "GET",
    "/api/projects",
    ({ state, res }) => json(res, 200, { projects: state.projects, nextCursor: null }),
  ],
  ["GET", `${P}/events`, events],
  ["PUT", `${P}/events/subscriptions`, subscribe],
  ["POST", `${P}/workspaces/:w/validate`, validate],

  [
    "GET",
    `${P}/workspaces`,
    ({ state, res }) => json(res, 200, { workspaces: [...state.workspaces.values()], nextCursor: null }),
  ],
  ["POST", `${P}/workspaces`, createWorkspace],
  [
    "DELETE",
    `${P}/workspaces/:w`,
    ({ state, res, params }) => {
      state.workspaces.delete(params.w);
      for (const session of state.sessions.values())
        if (session.workspaceId === params.w) state.sessions.delete(session.id);
      state.emit("workspace_removed", { workspaceId: params.w });
      json(res, 200, { success: true });
    },
  ],
  [
    "GET",
    `${P}/suggestions`,
    ({ res, url }) =>
      json(res, 200, {
        suggestions: ["alpha", "beta"]
          .map((name) => ({ path: `/home/user/${name}` }))
          .filter(({ path }) => path.startsWith(url.searchParams.get("q") ?? "")),
      }),
  ],

  [
    "GET",
    `${P}/sessions`,
    ({ state, res }) => json(res, 200, { sessions: [...state.sessions.values()], nextCursor: null }),
  ],
  ["POST", `${P}/workspaces/:w/sessions`, createSession],
  ["GET", `${P}/sessions/:s`, withSession(({ res, session }) => json(res, 200, session))],
  [
    "PATCH",
    `${P}/sessions/:s`,
    withSession(async ({ req, res, session }) => {
      session.displayName = (await bodyOf(req)).displayName || null;
      json(res, 200, session);
    }),
  ],
  [
    "DELETE",
    `${P}/sessions/:s`,
    withSession(({ state, res, session }) => {
      state.setStatus(session, "removing");
      setTimeout(() => {
        state.sessions.delete(session.id);
        state.emit("session_removed", { sessionId: session.id, workspaceId: session.workspaceId });
      }, 600);
      json(res, 202, session);
    }),
  ],
  [
    "POST",
    `${P}/sessions/:s/stop`,
    withSession(({ state, res, session }) => {
      if (session.status !== "ready")
        return problem(
          res,
          409,
          "Not possible now",
          `A session that is ${session.status} cannot be stopped. Cancel its turn first.`,
        );
      state.setStatus(session, "stopped");
      json(res, 202, session);
    }),
  ],
  [
    "POST",
    `${P}/sessions/:s/resume`,
    withSession(({ state, res, session }) => {
      if (session.status !== "stopped" && session.status !== "error")
        return problem(
          res,
          409,
          "Not possible now",
          `A session that is ${session.status} need not be resumed.`,
        );
      startSession(state, session);
      json(res, 202, session);
    }),
  ],
  [
    "GET",
    `${P}/sessions/:s/messages`,
    withSession(({ state, res, url, session }) => {
      const all = state.messages.get(session.id);
      const end = Number(url.searchParams.get("cursor") ?? all.length);
      const begin = Math.max(0, end - Number(url.searchParams.get("limit") ?? 50));
      json(res, 200, { messages: all.slice(begin, end), nextCursor: begin > 0 ? String(begin) : null });
    }),
  ],
  ["GET", `${P}/sessions/:s/diff`, withSession(({ res, session }) => json(res, 200, diffOf(session)))],
  [
    "POST",
    `${P}/sessions/:s/apply`,
    withSession(({ state, res, session }) => {
      if (/conflict/i.test(session.name ?? "")) {
        return problem(
          res,
          409,
          "The work conflicts with the workspace",
          "Two files changed on both sides. Nothing was applied.",
          {
            conflicts: [
              {
                path: "src/main/java/app/Greeter.java",
                detail: "changed in 4b1d0c2 after the session began",
              },
              { path: "docs/greeting.md", detail: "deleted in the workspace" },
            ],
          },
        );
      }
      session.appliedCommit = "a81be0243c77";
      state.emit("session_applied", {
        sessionId: session.id,
        workspaceId: session.workspaceId,
        branch: "main",
        commit: session.appliedCommit,
      });
      json(res, 200, { ok: true, commit: session.appliedCommit, branch: "main" });
    }),
  ],
  [
    "GET",
    `${P}/sessions/:s/egress`,
    withSession(({ state, res, session }) =>
      json(res, 200, { egress: state.egress.get(session.id), nextCursor: null }),
    ),
  ],
  [
    "POST",
    `${P}/sessions/:s/egress/allow`,
    withSession(async ({ state, req, res }) => {
      state.allowed.add((await bodyOf(req)).host);
      json(res, 200, { ok: true });
    }),
  ],

  ["GET", `${P}/sessions/:s/terminal/status`, terminalStatus],
  ...FILE_ROUTES.map(([method, path, handler]) => [method, `${P}/sessions/:s${path}`, withSandbox(handler)]),
  [
    "GET",
    `${P}/sessions/:s/services`,
    withSandbox(({ res, session }) =>
      json(res, 200, {
        services: session.changed
          ? [
              { id: "app", name: "Application", http: 3000, path: "/", status: "running", passive: false },
              {
                id: "docs",
                name: "Documentation",
                http: 8000,
                path: "/docs/",
                status: "stopped",
                passive: false,
              },
            ]
          : [],
        ports: session.changed ? [{ port: 3000 }, { port: 9229 }] : [],
        hooks: {},
      }),
    ),
  ],
  [
    "GET",
    "/preview/:s/:port/",
    ({ res, params }) => {
      res.writeHead(200, { "content-type": "text/html", "content-security-policy": "sandbox" });
      res.end(`<!doctype html><title>Preview</title><h1>Port ${params.port} of the sandbox</h1>`);
    },
  ],

  ...SETTINGS_ROUTES.map(([method, path, handler]) => [
    method,
    `${P}${path}`,
    withSession((context) => handler({ ...context, push })),
  ]),

  ["POST", `${P}/chat`, ({ state, req, res }) => postChat(state, req, res)],
  ["GET", `${P}/chat/:s/stream`, ({ state, req, res, params }) => resumeChat(state, req, res, params.s)],
  ["POST", `${P}/chat/:s/cancel`, ({ state, res, params }) => cancelChat(state, res, params.s)],
  [
    "GET",
    `${P}/chat/:s/requests`,
    ({ state, res, params }) => json(res, 200, { requests: openRequests(state, params.s), nextCursor: null }),
  ],
  [
    "POST",
    `${P}/chat/:s/requests/:r`,
    ({ state, req, res, params }) => answerRequest(state, req, res, params.s, params.r),
  ],

  [
    "GET",
    `${P}/agents`,
    ({ state, res }) => json(res, 200, { agents: [...state.agents.values()], nextCursor: null }),
  ],
  ["GET", `${P}/agents/types`, ({ res }) => json(res, 200, { agentTypes: TYPES })],
  [
    "POST",
    `${P}/agents`,
    async ({ state, req, res }) => {
      const body = await bodyOf(req);
      if (!TYPES.some((type) => type.id === body.agentType))
        return problem(
          res,
          400,
          "Unknown agent type",
          `"${body.agentType}" is none of ${TYPES.map((type) => type.id).join(", ")}.`,
        );
      const agent = { id: randomUUID(), ...body, isDefault: state.agents.size === 0 };
      state.agents.set(agent.id, agent);
      json(res, 201, agent);
    },
  ],
  [
    "POST",
    `${P}/agents/default`,
    async ({ state, req, res }) => {
      const { agentId } = await bodyOf(req);
      for (const agent of state.agents.values()) agent.isDefault = agent.id === agentId;
      json(res, 200, { success: true });
    },
  ],
  [
    "DELETE",
    `${P}/agents/:a`,
    ({ state, res, params }) => {
      state.agents.delete(params.a);
      json(res, 200, { success: true });
    },
  ],

  ...PEOPLE_ROUTES,
  ...CREDENTIAL_ROUTES.map(([method, path, handler]) => [method, `${P}/credentials${path}`, handler]),
];

function withSession(handler) {
  return (context) => {
    const session = context.state.sessions.get(context.params.s);
    return session
      ? handler({ ...context, session })
      : problem(context.res, 404, "No such session", `There is no session ${context.params.s}.`);
  };
}

/** As `withSession`, for what needs a sandbox that runs. */
function withSandbox(handler) {
  return withSession((context) => {
    const { session, res, state } = context;
    if (session.status === "stopped")
      return problem(res, 409, "The sandbox is stopped", "Resume the session first.");
    if (session.status !== "ready" && session.status !== "running")
      return problem(res, 503, "The sandbox is starting", "Try again in a moment.");
    const files = state.files.get(session.id) ?? newFiles();
    state.files.set(session.id, files);
    return handler({ ...context, files });
  });
}

/** Events and, by the stream's name, the chat of the sessions that it follows; an id names the place in both, as the gateway's do. */
function events({ state, req, res, url }) {
  const [log, ...chat] = (req.headers["last-event-id"] ?? url.searchParams.get("after") ?? "").split("~");
  const stream = {
    name: url.searchParams.get("stream"),
    at: log || String(state.newest()),
    seen: new Map(chat.map((each) => each.split("="))),
    feeds: new Map(),
    res,
  };
  const position = () => [stream.at, ...[...stream.seen].map((each) => each.join("="))].join("~");
  sse(res);
  res.write(`id: ${position()}\nevent: connected\ndata: {"projectId":"local"}\n\n`);
  stream.change = (sessions) => {
    for (const [id, feed] of stream.feeds) if (!sessions.has(id)) feed.close();
    stream.feeds = new Map(
      [...sessions].map((id) => [
        id,
        stream.feeds.get(id) ??
          followChat(state, id, stream.seen.get(id), (frame) => {
            if (frame.id) stream.seen.set(id, frame.id);
            const data = JSON.stringify({ sessionId: id, ...frame });
            res.write(`id: ${position()}\nevent: chat\ndata: ${data}\n\n`);
          }),
      ]),
    );
  };
  const stop = state.listen(log ? Number(log) : null, (event) => {
    stream.at = event.id;
    res.write(`id: ${position()}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    stream.feeds.get(event.data.sessionId)?.wake();
  });
  stream.change(state.subscriptions.get(stream.name) ?? new Set());
  state.streams.add(stream);
  res.on("close", () => {
    stop();
    stream.change(new Set());
    state.streams.delete(stream);
  });
}

async function subscribe({ state, req, res }) {
  const { stream: name, sessions } = await bodyOf(req);
  state.subscriptions.set(name, new Set(sessions));
  for (const stream of state.streams) if (stream.name === name) stream.change(new Set(sessions));
  json(res, 200, { stream: name, sessions });
}

async function createWorkspace({ state, req, res }) {
  const body = await bodyOf(req);
  if (!body.path)
    return problem(res, 400, "No path", "Give a repository's URL or a folder.", {
      errors: [{ field: "path", detail: "must not be empty" }],
    });
  if (body.sourceType === "local" && !body.path.startsWith("/home/")) {
    return problem(
      res,
      400,
      "This folder is not allowed",
      `${body.path} lies outside /home. Add it to REPO_ALLOWLIST, or choose another.`,
      { errors: [{ field: "path", detail: "must lie under /home" }] },
    );
  }
  const workspace = {
    id: randomUUID(),
    projectId: "local",
    status: "initializing",
    commit: null,
    displayName: null,
    ...body,
  };
  state.workspaces.set(workspace.id, workspace);
  clone(state, workspace, body.path.includes("flaky"));
  json(res, 201, workspace);
}

/** As a clone goes: in steps, and for a repository named `flaky` to no good end the first time. */
async function clone(state, workspace, fails) {
  const become = (fields) => {
    Object.assign(workspace, { errorMessage: null, progress: null, ...fields });
    state.emit("workspace_updated", { workspaceId: workspace.id, status: workspace.status });
  };
  for (const progress of [0, 65]) {
    become({ status: "cloning", progress });
    do await new Promise((resolve) => setTimeout(resolve, 250));
    while (progress > 0 && state.held.has("clone"));
  }
  if (fails) become({ status: "error", errorMessage: "It could not be cloned: the remote hung up." });
  else become({ status: "ready", commit: "3f9c2d7a51e0" });
}

function validate({ state, res, params }) {
  const workspace = state.workspaces.get(params.w);
  if (!workspace) return problem(res, 404, "No such workspace", `There is no workspace ${params.w}.`);
  if (workspace.status === "error") clone(state, workspace, false);
  json(res, 200, { valid: true, message: null, sourceType: workspace.sourceType });
}

async function createSession({ state, req, res, params }) {
  if (!state.workspaces.has(params.w))
    return problem(res, 404, "No such workspace", `There is no workspace ${params.w}.`);
  const session = newSession(state, { ...(await bodyOf(req)), workspaceId: params.w });
  startSession(state, session);
  json(res, 201, session);
}
