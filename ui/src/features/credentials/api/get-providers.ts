import { request } from "@/lib/http";

export interface Provider {
  id: string;
  name: string;
  description?: string | null;
  /** Hosts that the credential is put on. */
  hosts?: string[] | null;
}

export async function getProviders(project: string): Promise<Provider[]> {
  const answer: { providers?: Provider[] } = await request(`/api/projects/${project}/credentials/providers`);
  return answer.providers ?? [];
}
