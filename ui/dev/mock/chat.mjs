import { randomUUID } from "node:crypto";
import { bodyOf, json, problem, sse } from "./http.mjs";
import { scriptFor } from "./script.mjs";
import { policyOf } from "./settings.mjs";
import { newSession, startSession } from "./state.mjs";

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const HEADERS = { "x-vercel-ai-ui-message-stream": "v1" };

/** `POST …/chat`: joins or makes the message's turn and streams it. */
export async function postChat(state, req, res) {
  const body = await bodyOf(req);
  const message = body.message ?? body.messages?.at(-1);
  let session = state.sessions.get(body.id);
  if (!session && body.workspaceId) {
    session = newSession(state, body);
    startSession(state, session);
  }
  if (!session)
    return problem(
      res,
      404,
      "No such session",
      `There is no session ${body.id}. Create it first, or send a workspaceId.`,
    );
  if (!message?.parts?.length)
    return problem(res, 400, "No message", "Send a message with at least one part.", {
      errors: [{ field: "message", detail: "is missing" }],
    });
  let turn = state.turns.get(session.id)?.find((each) => each.promptId === message.id);
  if (!turn) {
    turn = {
      id: randomUUID().slice(0, 8),
      promptId: message.id,
      frames: [],
      watchers: new Set(),
      state: "queued",
      messageId: randomUUID(),
      answer: null,
      wish: { model: body.model, mode: body.mode },
      cancelled: false,
    };
    const turns = state.turns.get(session.id) ?? [];
    state.turns.set(session.id, [...turns, turn]);
    state.messages.get(session.id).push({
      id: message.id,
      role: "user",
      parts: message.parts,
      metadata: { createdAt: new Date().toISOString() },
    });
    state.emit("message_added", { sessionId: session.id, messageId: message.id, role: "user" });
    push(turn, {
      type: "start",
      messageId: turn.messageId,
      messageMetadata: { turnId: turn.id, userMessageId: message.id },
    });
    state.emit("queue_updated", { sessionId: session.id, waiting: turns.length });
    if (turns.some((each) => each.state !== "ended")) {
      push(turn, { type: "data-queued", data: { position: 1 }, transient: true });
    }
    drain(state, session);
  }
  sse(res, HEADERS);
  watch(turn, res, -1);
}

/** `GET …/chat/{s}/stream`: the rest after `Last-Event-ID`, the turn from its start, or 204. */
export function resumeChat(state, req, res, sessionId) {
  const last = /^(.+):(\d+)$/.exec(req.headers["last-event-id"] ?? "");
  const turns = state.turns.get(sessionId) ?? [];
  const running = turns.find((turn) => turn.state === "running");
  const interrupted =
    last && turns.find((turn) => turn.id === last[1] && turn.frames.at(-1).seq > Number(last[2]));
  const turn = interrupted ?? running;
  if (!turn) return res.writeHead(204).end();
  sse(res, HEADERS);
  watch(turn, res, turn.id === last?.[1] ? Number(last[2]) : -1);
}

/** The session's turns, one after the other, from after `last`; `wake` tells that there may be one. */
export function followChat(state, sessionId, last, write) {
  let seen = /^(.+):(\d+)$/.exec(last ?? "");
  let turn = null;
  const watcher = (frame) => {
    seen = [null, turn.id, frame.seq];
    write(frame.done ? { id: "", done: true } : { id: `${turn.id}:${frame.seq}`, chunk: frame.chunk });
    if (frame.done) {
      close();
      setTimeout(wake, 1);
    }
  };
  const close = () => {
    turn?.watchers.delete(watcher);
    turn = null;
  };
  const wake = () => {
    if (turn) return;
    const turns = state.turns.get(sessionId) ?? [];
    const interrupted = turns.find(
      (each) => each.id === seen?.[1] && each.frames.at(-1).seq > Number(seen[2]),
    );
    turn = interrupted ?? turns.find((each) => each.state === "running") ?? null;
    if (!turn) return;
    turn.watchers.add(watcher);
    const after = turn === interrupted ? Number(seen[2]) : -1;
    for (const frame of [...turn.frames]) if (turn && frame.seq > after) watcher(frame);
  };
  wake();
  return { wake, close };
}

export function cancelChat(state, res, sessionId) {
  const turn = state.turns.get(sessionId)?.find((each) => each.state === "running");
  if (!turn) return problem(res, 409, "Nothing runs", "The session is idle, so there is nothing to cancel.");
  turn.cancelled = true;
  turn.answer?.(null);
  json(res, 200, { success: true, status: "cancelled" });
}

export function openRequests(state, sessionId) {
  const waits = state.turns.get(sessionId)?.find((turn) => turn.answer);
  return waits
    ? [
        {
          id: "p1",
          sessionId,
          turnId: waits.id,
          title: "Run git push origin main",
          state: "pending",
          params: {},
        },
      ]
    : [];
}

export async function answerRequest(state, req, res, sessionId, requestId) {
  const turn = state.turns.get(sessionId)?.find((each) => each.state === "running");
  if (!turn?.answer)
    return problem(res, 409, "Already answered", `Request ${requestId} waits for no answer.`);
  const answer = await bodyOf(req);
  if (answer.always) policyOf(state.sessions.get(sessionId)).tools.push({ tool: "Bash", decision: "allow" });
  turn.answer(answer.optionId ?? answer);
  state.emit("permission_resolved", { sessionId, requestId, optionId: answer.optionId });
  json(res, 200, { success: true });
}

function watch(turn, res, after) {
  const write = (frame) =>
    res.write(
      frame.done
        ? `id: ${turn.id}:${frame.seq}\ndata: [DONE]\n\n`
        : `id: ${turn.id}:${frame.seq}\ndata: ${JSON.stringify(frame.chunk)}\n\n`,
    );
  const finish = () => setTimeout(() => res.end(), 5);
  for (const frame of turn.frames) if (frame.seq > after) write(frame);
  if (turn.state === "ended") return finish();
  const watcher = (frame) => {
    write(frame);
    if (frame.done) finish();
  };
  turn.watchers.add(watcher);
  res.on("close", () => turn.watchers.delete(watcher));
}

export function push(turn, chunk, done = false) {
  const frame = { seq: turn.frames.length, chunk, done };
  turn.frames.push(frame);
  for (const watcher of turn.watchers) watcher(frame);
}

/** Runs the session's queued turns, one after the other. */
async function drain(state, session) {
  if (session.draining) return;
  session.draining = true;
  try {
    if (session.status === "stopped") await startSession(state, session);
    for (let turn = next(state, session); turn; turn = next(state, session)) {
      while (session.status !== "ready") await sleep(50);
      await run(state, session, turn);
    }
  } finally {
    session.draining = false;
  }
}

const next = (state, session) => state.turns.get(session.id).find((turn) => turn.state === "queued");

async function run(state, session, turn) {
  turn.state = "running";
  state.setStatus(session, "running");
  const prompt = state.messages
    .get(session.id)
    .find((message) => message.id === turn.promptId)
    .parts.map((part) => part.text ?? "")
    .join("");
  session.name ??= prompt.slice(0, 80);
  const parts = [];
  state.wishes.set(session.id, turn.wish);
  let steps = scriptFor(prompt);
  while (steps.length > 0 && !turn.cancelled) {
    const step = steps.shift();
    if (typeof step === "function") {
      state.emit("permission_requested", {
        sessionId: session.id,
        requestId: "p1",
        title: "Run git push origin main",
      });
      const option = await new Promise((resolve) => {
        turn.answer = resolve;
      });
      turn.answer = null;
      steps = option === null ? [] : step(option);
      continue;
    }
    do await sleep(step[0]);
    while (step[1].type === "finish-step" && state.held.has("turn") && !turn.cancelled);
    if (turn.cancelled) break;
    remember(parts, step[1]);
    push(turn, step[1]);
  }
  if (turn.cancelled) push(turn, { type: "abort", reason: "cancelled" });
  const failed = parts.some((part) => part.type === "data-error");
  const outcome = turn.cancelled ? "aborted" : failed ? "failed" : "finished";
  const metadata = {
    createdAt: new Date().toISOString(),
    outcome,
    turnId: turn.id,
    userMessageId: turn.promptId,
  };
  state.messages.get(session.id).push({ id: turn.messageId, role: "assistant", parts, metadata });
  logEgress(state, session);
  session.changed = true;
  session.usage = {
    inputTokens: session.usage.inputTokens + 18_240,
    outputTokens: session.usage.outputTokens + 1_312,
    costUsd: session.usage.costUsd + 0.07,
  };
  session.lastActivityAt = metadata.createdAt;
  turn.state = "ended";
  push(turn, null, true);
  state.emit("message_added", { sessionId: session.id, messageId: turn.messageId, role: "assistant" });
  state.emit("turn_finished", { sessionId: session.id, turnId: turn.id, outcome, commit: "a81be0243c77" });
  state.setStatus(session, "ready");
}

/** Keeps a turn's chunks as the parts of a stored UI message. */
function remember(parts, chunk) {
  const open = parts.findLast(
    (part) => part.id === chunk.id && (part.type === "text" || part.type === "reasoning"),
  );
  const tool = parts.findLast((part) => part.toolCallId === chunk.toolCallId);
  if (chunk.type === "text-start" || chunk.type === "reasoning-start")
    parts.push({ type: chunk.type.split("-")[0], id: chunk.id, text: "" });
  else if (chunk.type.endsWith("-delta") && open) open.text += chunk.delta;
  else if (chunk.type === "tool-input-start")
    parts.push({
      type: "dynamic-tool",
      toolCallId: chunk.toolCallId,
      toolName: chunk.toolName,
      state: "input-streaming",
    });
  else if (chunk.type === "tool-input-available" && tool)
    Object.assign(tool, { state: "input-available", input: chunk.input });
  else if (chunk.type === "tool-output-available" && tool)
    Object.assign(tool, { state: "output-available", output: chunk.output });
  else if (chunk.type === "tool-output-denied" && tool) tool.state = "output-denied";
  else if (chunk.type.startsWith("data-") && !chunk.transient) {
    const known = parts.find((part) => part.type === chunk.type && part.id === chunk.id);
    if (known) known.data = chunk.data;
    else parts.push({ type: chunk.type, id: chunk.id, data: chunk.data });
  }
}

function logEgress(state, session) {
  const records = state.egress.get(session.id);
  const add = (host, method, path, decision, rule, status) =>
    records.unshift({
      id: randomUUID(),
      projectId: "local",
      sessionId: session.id,
      time: new Date().toISOString(),
      scheme: "https",
      host,
      port: 443,
      method,
      path,
      decision,
      rule,
      status,
      bytesUp: 18_213,
      bytesDown: 4_120,
      durationMillis: 812,
    });
  add("api.anthropic.com", "POST", "/v1/messages", "allowed", "provider", 200);
  add(
    "packages.example.com",
    "GET",
    "/maven2/org/assertj/assertj-core/maven-metadata.xml",
    "allowed",
    "starter group: packages",
    200,
  );
  if (!state.allowed.has("telemetry.example.com")) {
    add("telemetry.example.com", "CONNECT", null, "blocked", "no rule allows this host", null);
    state.emit("egress_blocked", {
      sessionId: session.id,
      host: "telemetry.example.com",
      port: 443,
      reason: "no rule allows this host",
    });
  }
}
