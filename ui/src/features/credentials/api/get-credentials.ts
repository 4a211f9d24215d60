import { fetchAll } from "@/lib/lists";

/** A stored credential as far as anybody may see it: no answer ever holds the secret. */
export interface Credential {
  id?: string;
  provider: string;
  /** What of the catalogue it is, where `provider` is a name of the user's own. */
  kind?: string | null;
  name?: string | null;
  authType?: string | null;
  /** The caller's own; else the project's. */
  personal?: boolean;
  /** False when the caller's sessions use a personal one instead. */
  effective?: boolean;
  /** `active`, `expired`, `refresh_failed` or `unreadable`. */
  status?: string | null;
  /** Why it cannot be used or refreshed. */
  problem?: string | null;
  /** The secret's last characters, where the server tells them. */
  last4?: string | null;
  publicKey?: string | null;
  host?: string | null;
  updatedAt?: string | null;
  expiresAt?: string | null;
  nextRefreshAt?: string | null;
  lastUsedAt?: string | null;
  useCount?: number;
}

export function getCredentials(project: string): Promise<Credential[]> {
  return fetchAll(`/api/projects/${project}/credentials`, "credentials");
}

/** The path of one of them: by its id, since a provider may have one of the project's and one of one's own. */
export function credentialPath(project: string, credential: Credential): string {
  return `/api/projects/${project}/credentials/${encodeURIComponent(credential.id ?? credential.provider)}`;
}
