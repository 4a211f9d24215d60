import { request } from "@/lib/http";

/** Stops the sandbox; files and conversation stay. */
export function stopSession(project: string, session: string): Promise<void> {
  return request(`/api/projects/${project}/sessions/${session}/stop`, { method: "POST", body: {} });
}
