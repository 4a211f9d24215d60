import type { Session } from "@/lib/domain";
import { fetchAll } from "@/lib/lists";

export function getSessions(project: string): Promise<Session[]> {
  return fetchAll(`/api/projects/${project}/sessions`, "sessions");
}
