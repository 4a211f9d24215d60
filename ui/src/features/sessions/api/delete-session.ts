import { request } from "@/lib/http";

/** The session is `removing` at once and gone a little later. */
export function deleteSession(project: string, session: string): Promise<void> {
  return request(`/api/projects/${project}/sessions/${session}`, { method: "DELETE" });
}
