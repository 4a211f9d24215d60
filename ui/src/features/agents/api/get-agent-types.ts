import { request } from "@/lib/http";

export interface AgentType {
  id: string;
  name: string;
  description?: string | null;
  supportedAuthProviders?: string[] | null;
}

export async function getAgentTypes(project: string): Promise<AgentType[]> {
  const answer: { agentTypes?: AgentType[]; types?: AgentType[] } = await request(
    `/api/projects/${project}/agents/types`,
  );
  return answer.agentTypes ?? answer.types ?? [];
}
