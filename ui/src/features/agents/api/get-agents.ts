import type { Agent } from "@/lib/domain";
import { fetchAll } from "@/lib/lists";

export function getAgents(project: string): Promise<Agent[]> {
  return fetchAll(`/api/projects/${project}/agents`, "agents");
}
