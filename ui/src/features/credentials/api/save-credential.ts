import { request } from "@/lib/http";

export interface NewCredential {
  provider: string;
  name: string;
  authType: string;
  apiKey: string;
  /** For provider `custom`: where the secret goes. */
  host?: string;
  header?: string;
}

/** Stores or replaces the provider's credential. */
export function saveCredential(project: string, credential: NewCredential): Promise<void> {
  return request(`/api/projects/${project}/credentials`, { method: "POST", body: credential });
}
