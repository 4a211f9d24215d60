import type { Session } from "@/lib/domain";
import { request } from "@/lib/http";

export interface NewSession {
  workspaceId: string;
  agentId?: string;
  name?: string;
  baseRef?: string;
}

export function createSession(project: string, session: NewSession): Promise<Session> {
  return request(`/api/projects/${project}/workspaces/${session.workspaceId}/sessions`, {
    method: "POST",
    body: session,
  });
}
