import { request } from "@/lib/http";
import { type Credential, credentialPath } from "./get-credentials";

export function deleteCredential(project: string, credential: Credential): Promise<void> {
  return request(credentialPath(project, credential), { method: "DELETE" });
}
