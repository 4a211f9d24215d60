import { request } from "@/lib/http";
import { type Credential, credentialPath } from "./get-credentials";

/** Fetches the next token now instead of at its time. */
export function refreshCredential(project: string, credential: Credential): Promise<void> {
  return request(`${credentialPath(project, credential)}/refresh`, { method: "POST", body: {} });
}
