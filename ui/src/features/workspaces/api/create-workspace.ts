import type { Workspace } from "@/lib/domain";
import { request } from "@/lib/http";

export interface NewWorkspace {
  /** A folder on the server, or a repository's URL. */
  path: string;
  sourceType: "local" | "git";
  displayName?: string;
}

export function createWorkspace(project: string, workspace: NewWorkspace): Promise<Workspace> {
  return request(`/api/projects/${project}/workspaces`, { method: "POST", body: workspace });
}
