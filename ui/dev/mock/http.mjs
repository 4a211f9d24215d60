/** Answers JSON. */
export function json(res, status, body) {
  res.writeHead(status, { "content-type": "application/json" });
  res.end(JSON.stringify(body));
}

/** Answers RFC 9457, as every refusal of the API does. */
export function problem(res, status, title, detail, extra = {}) {
  res.writeHead(status, { "content-type": "application/problem+json" });
  res.end(JSON.stringify({ type: `/problems/${status}`, title, status, detail, error: detail, ...extra }));
}

/** The event streams that are open; a test counts them. */
export const openStreams = new Set();

/** Opens an event stream with the headers of the API and a heartbeat. */
export function sse(res, extra = {}) {
  openStreams.add(res);
  res.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    ...extra,
  });
  res.write(": open\n\n");
  const heartbeat = setInterval(() => res.write(": heartbeat\n\n"), 10_000);
  res.on("close", () => {
    openStreams.delete(res);
    clearInterval(heartbeat);
  });
}

export async function bodyOf(req) {
  let text = "";
  for await (const chunk of req) text += chunk;
  return text ? JSON.parse(text) : {};
}
