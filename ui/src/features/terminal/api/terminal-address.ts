export interface Size {
  rows: number;
  cols: number;
}

/** The WebSocket of a session's shell; with `since`, only what came after that frame is sent again. */
export function terminalAddress(project: string, session: string, size: Size, since: number | null): string {
  const query = new URLSearchParams({ rows: String(size.rows), cols: String(size.cols) });
  if (since !== null) query.set("since", String(since));
  const origin = window.location.origin.replace(/^http/, "ws");
  return `${origin}/api/projects/${project}/sessions/${session}/terminal/ws?${query}`;
}
