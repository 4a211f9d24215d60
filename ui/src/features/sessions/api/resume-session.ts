import { request } from "@/lib/http";

/** Starts a stopped or failed sandbox again, with the same files and conversation. */
export function resumeSession(project: string, session: string): Promise<void> {
  return request(`/api/projects/${project}/sessions/${session}/resume`, { method: "POST", body: {} });
}
