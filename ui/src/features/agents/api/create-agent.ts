import type { Agent } from "@/lib/domain";
import { request } from "@/lib/http";

export interface NewAgent {
  name: string;
  agentType: string;
  model?: string;
  systemPrompt?: string;
  permissions: "ask" | "edits" | "all";
}

export function createAgent(project: string, agent: NewAgent): Promise<Agent> {
  return request(`/api/projects/${project}/agents`, { method: "POST", body: agent });
}
