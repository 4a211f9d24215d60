import { request } from "@/lib/http";

export type Permissions = "ask" | "edits" | "all";

/** What a session's agent may do without asking. Null permissions: what the agent's configuration says. */
export interface Policy {
  permissions: Permissions | null;
  /** What was answered for a tool once and for all. */
  tools: { tool: string; decision: "allow" | "reject" }[];
}

const pathOf = (project: string, session: string) => `/api/projects/${project}/chat/${session}/permissions`;

export function getPolicy(project: string, session: string): Promise<Policy> {
  return request(pathOf(project, session));
}

/** Holds at once, also for what the agent asks right now. */
export function setPolicy(
  project: string,
  session: string,
  permissions: Permissions | null,
): Promise<Policy> {
  return request(pathOf(project, session), { method: "PUT", body: { permissions } });
}

/** The tool asks again from now on. */
export function forgetTool(project: string, session: string, tool: string): Promise<Policy> {
  return request(`${pathOf(project, session)}/${encodeURIComponent(tool)}`, { method: "DELETE" });
}
