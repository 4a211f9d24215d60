import { fetchAll } from "@/lib/lists";

/** A stored credential as far as anybody may see it: no answer ever holds the secret. */
export interface Credential {
  id?: string;
  provider: string;
  name?: string | null;
  authType?: string | null;
  status?: string | null;
  /** The secret's last characters, where the server tells them. */
  last4?: string | null;
  host?: string | null;
  updatedAt?: string | null;
  expiresAt?: string | null;
}

export function getCredentials(project: string): Promise<Credential[]> {
  return fetchAll(`/api/projects/${project}/credentials`, "credentials");
}
