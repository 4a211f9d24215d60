import { request } from "@/lib/http";

export type SignIn = "authorize" | "device-code";

export interface Provider {
  id: string;
  name: string;
  description?: string | null;
  /** Hosts that the credential is put on; empty if the user says that. */
  hosts?: string[] | null;
  /** What may or must be said beside the secret. */
  fields?: string[] | null;
  /** Ways to sign in at the provider instead of pasting a secret. */
  signIn?: SignIn[] | null;
}

export async function getProviders(project: string): Promise<Provider[]> {
  const answer: { providers?: Provider[] } = await request(`/api/projects/${project}/credentials/providers`);
  return answer.providers ?? [];
}
