import { WebSocketServer } from "ws";
import { problem } from "./http.mjs";

const sockets = new WebSocketServer({ noServer: true });
const PROMPT = "\x1b[32magent@sandbox\x1b[0m:\x1b[34m~/workspace\x1b[0m$ ";

/**
 * `GET …/terminal/ws`: a shell that knows a few words. `size` tells the window, `bytes` answers in a binary frame, `drop`
 * cuts all viewers' lines and writes while they are away, `exit 3` ends.
 */
export function openTerminal(state, req, socket, head, sessionId, url) {
  const session = state.sessions.get(sessionId);
  if (!session) return socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
  sockets.handleUpgrade(req, socket, head, (line) => {
    const shell = shellOf(state, session);
    const since = Number(url.searchParams.get("since") ?? 0);
    shell.size = { rows: Number(url.searchParams.get("rows")), cols: Number(url.searchParams.get("cols")) };
    for (const frame of shell.frames) if (frame.seq > since) line.send(JSON.stringify(frame));
    shell.viewers.add(line);
    line.on("close", () => shell.viewers.delete(line));
    line.on("message", (data, binary) => received(state, session, shell, data, binary));
  });
}

export function terminalStatus({ state, res, params }) {
  const session = state.sessions.get(params.s);
  if (!session) return problem(res, 404, "No such session", `There is no session ${params.s}.`);
  res.writeHead(200, { "content-type": "application/json" });
  res.end(JSON.stringify({ status: state.shells.has(params.s) ? "running" : "not_created" }));
}

function shellOf(state, session) {
  const known = state.shells.get(session.id);
  if (known) return known;
  const shell = { frames: [], seq: 0, viewers: new Set(), typed: "", size: { rows: 24, cols: 80 } };
  state.shells.set(session.id, shell);
  whenReady(session, () => write(shell, PROMPT));
  return shell;
}

function whenReady(session, action) {
  if (session.status === "ready" || session.status === "running") action();
  else setTimeout(() => whenReady(session, action), 50);
}

function write(shell, data) {
  const frame = { type: "output", data, seq: ++shell.seq };
  shell.frames.push(frame);
  for (const viewer of shell.viewers) viewer.send(JSON.stringify(frame));
}

function received(state, session, shell, data, binary) {
  if (binary) return;
  const frame = JSON.parse(String(data));
  if (frame.type === "resize") shell.size = frame.data;
  if (frame.type !== "input") return;
  for (const key of frame.data) {
    if (key === "\r") {
      const line = shell.typed.trim();
      shell.typed = "";
      write(shell, "\r\n");
      run(state, session, shell, line);
    } else if (key === "\x7f") {
      if (shell.typed) write(shell, "\b \b");
      shell.typed = shell.typed.slice(0, -1);
    } else if (key >= " ") {
      shell.typed += key;
      write(shell, key);
    }
  }
}

function run(state, session, shell, line) {
  if (line.startsWith("exit")) {
    state.shells.delete(session.id);
    for (const viewer of shell.viewers) {
      viewer.send(JSON.stringify({ type: "exit", code: Number(line.split(" ")[1] ?? 0) }));
      viewer.close(1000, "shell exited");
    }
    return;
  }
  if (line === "bytes") {
    for (const viewer of shell.viewers) viewer.send(Buffer.from("Grüße as bytes\r\n"), { binary: true });
  }
  if (line === "size") write(shell, `${shell.size.rows} rows, ${shell.size.cols} columns\r\n`);
  if (line === "ls") write(shell, "\x1b[34mdocs\x1b[0m  \x1b[34msrc\x1b[0m  pom.xml  README.md\r\n");
  if (line === "drop") {
    for (const viewer of shell.viewers) viewer.terminate();
    shell.viewers.clear();
    write(shell, "written while nobody looked\r\n");
  }
  write(shell, PROMPT);
}
