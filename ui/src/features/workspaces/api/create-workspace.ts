import type { Workspace } from "@/lib/domain";
import { request } from "@/lib/http";

export interface NewWorkspace {
  /** A folder on the server, or a repository's URL. */
  path: string;
  sourceType: "local" | "git";
  displayName?: string;
  /** For a private repository: the credential that clones it. */
  credentialId?: string;
  /** Only so many commits of each branch. */
  depth?: number;
  /** Only these folders in the working clone. */
  sparse?: string[];
  submodules?: boolean;
  lfs?: boolean;
}

export function createWorkspace(project: string, workspace: NewWorkspace): Promise<Workspace> {
  return request(`/api/projects/${project}/workspaces`, { method: "POST", body: workspace });
}
