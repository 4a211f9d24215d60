import { request } from "@/lib/http";

/** Replaces the sandbox by one of the newest image, with the same files and conversation. */
export function upgradeSession(project: string, session: string): Promise<void> {
  return request(`/api/projects/${project}/sessions/${session}/upgrade`, { method: "POST", body: {} });
}
