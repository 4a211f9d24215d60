import { request } from "@/lib/http";

export function deleteAgent(project: string, agent: string): Promise<void> {
  return request(`/api/projects/${project}/agents/${agent}`, { method: "DELETE" });
}
