import { bodyOf, json, problem } from "./http.mjs";

const COMMANDS = [
  { name: "compact", description: "Summarises the conversation so far", hint: "what to keep" },
  { name: "init", description: "Writes notes on the workspace", hint: null },
  { name: "review", description: "Reviews the changes", hint: null },
];
const choice = (id, name, description = null) => ({ id, name, description });
const OFFER = {
  models: [choice("large", "Large", "Thinks longest"), choice("small", "Small", "Answers soonest")],
  model: "large",
  modes: [choice("default", "Default"), choice("plan", "Plan", "Changes nothing")],
  mode: "default",
  reasoning: [],
  reasoningLevel: null,
};

/** How an agent works, and the messages that wait: the paths below a session's chat. */
export const SETTINGS_ROUTES = [
  ["GET", "/sessions/:s/commands", ({ res }) => json(res, 200, { commands: COMMANDS })],
  ["GET", "/sessions/:s/models", ({ res }) => json(res, 200, OFFER)],
  ["GET", "/chat/:s/permissions", ({ res, session }) => json(res, 200, policyOf(session))],
  [
    "PUT",
    "/chat/:s/permissions",
    async ({ req, res, session }) => {
      policyOf(session).permissions = (await bodyOf(req)).permissions;
      json(res, 200, policyOf(session));
    },
  ],
  [
    "DELETE",
    "/chat/:s/permissions/:tool",
    ({ res, session, params }) => {
      const policy = policyOf(session);
      policy.tools = policy.tools.filter((each) => each.tool !== params.tool);
      json(res, 200, policy);
    },
  ],
  ["GET", "/chat/:s/queue", ({ state, res, session }) => json(res, 200, queueOf(state, session))],
  [
    "PUT",
    "/chat/:s/queue",
    async ({ state, req, res, session }) => {
      const { order } = await bodyOf(req);
      const turns = state.turns.get(session.id) ?? [];
      const waiting = turns.filter((turn) => turn.state === "queued");
      if (order.length !== waiting.length)
        return problem(res, 409, "The queue changed", "Others wait by now. Read the queue again.");
      const sorted = order.map((id) => waiting.find((turn) => turn.id === id));
      state.turns.set(session.id, [...turns.filter((turn) => turn.state !== "queued"), ...sorted]);
      changed(state, res, session);
    },
  ],
  [
    "PUT",
    "/chat/:s/queue/:t",
    withQueued(async ({ state, req, res, session, turn }) => {
      const { message } = await bodyOf(req);
      state.messages.get(session.id).find((each) => each.id === turn.promptId).parts = message.parts;
      changed(state, res, session);
    }),
  ],
  [
    "DELETE",
    "/chat/:s/queue/:t",
    withQueued(({ state, res, session, turn, push }) => {
      turn.state = "ended";
      push(turn, { type: "abort", reason: "removed" });
      push(turn, null, true);
      const messages = state.messages.get(session.id);
      messages.splice(
        messages.findIndex((each) => each.id === turn.promptId),
        1,
      );
      changed(state, res, session);
    }),
  ],
];

export function policyOf(session) {
  session.policy ??= { permissions: null, tools: [] };
  return session.policy;
}

function withQueued(handler) {
  return (context) => {
    const { state, session, params, res } = context;
    const turn = state.turns.get(session.id)?.find((each) => each.id === params.t);
    if (!turn) return problem(res, 404, "No such turn", `There is no turn ${params.t}.`);
    if (turn.state !== "queued")
      return problem(res, 409, "Too late", "The agent has this message already. Cancel its turn.");
    return handler({ ...context, turn });
  };
}

function queueOf(state, session) {
  const waiting = (state.turns.get(session.id) ?? []).filter((turn) => turn.state === "queued");
  return {
    queue: waiting.map((turn, index) => ({
      turnId: turn.id,
      position: index + 1,
      message: state.messages.get(session.id).find((each) => each.id === turn.promptId),
      createdAt: new Date().toISOString(),
    })),
  };
}

function changed(state, res, session) {
  const view = queueOf(state, session);
  state.emit("queue_updated", { sessionId: session.id, waiting: view.queue.length });
  json(res, 200, view);
}
