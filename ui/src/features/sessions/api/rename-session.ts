import type { Session } from "@/lib/domain";
import { request } from "@/lib/http";

/** Null gives the session its own name back. */
export function renameSession(
  project: string,
  session: string,
  displayName: string | null,
): Promise<Session> {
  return request(`/api/projects/${project}/sessions/${session}`, { method: "PATCH", body: { displayName } });
}
