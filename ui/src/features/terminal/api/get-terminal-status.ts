import { request } from "@/lib/http";

export interface TerminalStatus {
  status: string;
  error?: string | null;
}

/** How the sandbox behind the terminal stands. 404 and 501 when the server has no terminals. */
export function getTerminalStatus(project: string, session: string): Promise<TerminalStatus> {
  return request(`/api/projects/${project}/sessions/${session}/terminal/status`);
}
