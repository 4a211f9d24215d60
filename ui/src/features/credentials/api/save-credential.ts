import { request } from "@/lib/http";
import type { Credential } from "./get-credentials";

export interface NewCredential {
  provider: string;
  name: string;
  personal: boolean;
  authType?: string;
  apiKey?: string;
  /** For `ssh`, instead of a key of one's own. */
  generate?: "ed25519";
  /** For provider `custom`: where the secret goes. */
  host?: string;
  header?: string;
  username?: string;
}

/** Stores or replaces the provider's credential. */
export function saveCredential(project: string, credential: NewCredential): Promise<Credential> {
  return request(`/api/projects/${project}/credentials`, { method: "POST", body: credential });
}
