import type { Session } from "@/lib/domain";
import { request } from "@/lib/http";

export function getSession(project: string, session: string): Promise<Session> {
  return request(`/api/projects/${project}/sessions/${session}`);
}
