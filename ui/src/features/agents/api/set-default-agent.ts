import { request } from "@/lib/http";

export function setDefaultAgent(project: string, agentId: string): Promise<void> {
  return request(`/api/projects/${project}/agents/default`, { method: "POST", body: { agentId } });
}
