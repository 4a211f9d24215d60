/**
 * A stand-in for the gateway while the interface is worked on: the public API's shapes, a scripted agent, and nothing
 * that lasts. For development and the smoke test only; it listens on loopback.
 *
 *   node dev/mock-server.mjs [--port 8090] [--dist dist] [--empty]
 */
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { serveFile } from "./mock/files.mjs";
import { problem } from "./mock/http.mjs";
import { ROUTES } from "./mock/routes.mjs";
import { createState } from "./mock/state.mjs";
import { openTerminal } from "./mock/terminal.mjs";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8090" },
    dist: { type: "string" },
    empty: { type: "boolean", default: false },
  },
});

const state = createState();
if (!values.empty) {
  const agent = {
    id: "a1",
    name: "Claude Code",
    agentType: "claude-code",
    permissions: "all",
    isDefault: true,
  };
  state.agents.set(agent.id, agent);
  state.agents.set("a2", {
    id: "a2",
    name: "opencode",
    agentType: "opencode",
    permissions: "ask",
    isDefault: false,
  });
}

const table = ROUTES.map(([method, path, handler]) => ({
  method,
  pattern: new RegExp(`^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`),
  handler,
}));

const server = createServer(async (req, res) => {
  const url = new URL(req.url, "http://mock");
  try {
    const here = table.filter((route) => route.pattern.test(url.pathname));
    if (state.held.has("login") && url.pathname.startsWith("/api/projects"))
      return problem(res, 401, "Not logged in", "Log in first.");
    const route = here.find((each) => each.method === req.method);
    if (route) {
      await route.handler({ state, req, res, url, params: route.pattern.exec(url.pathname).groups ?? {} });
    } else if (here.length > 0) {
      problem(res, 405, "Method not allowed", `Use ${here.map((each) => each.method).join(", ")}.`);
    } else if (values.dist && req.method === "GET" && !url.pathname.startsWith("/api/")) {
      await serveFile(res, values.dist, url.pathname);
    } else {
      problem(res, 404, "Not found", `The mock does not know ${req.method} ${url.pathname}.`);
    }
  } catch (error) {
    console.error(error);
    if (!res.headersSent) problem(res, 500, "The mock failed", String(error));
  }
});

server.on("upgrade", (req, socket, head) => {
  const url = new URL(req.url, "http://mock");
  const session = /^\/api\/projects\/[^/]+\/sessions\/([^/]+)\/terminal\/ws$/.exec(url.pathname)?.[1];
  if (session) openTerminal(state, req, socket, head, session, url);
  else socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
});

server.listen(Number(values.port), "127.0.0.1", () => {
  console.log(`mock gateway on http://127.0.0.1:${server.address().port}`);
});
