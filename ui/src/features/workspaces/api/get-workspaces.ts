import type { Workspace } from "@/lib/domain";
import { fetchAll } from "@/lib/lists";

export function getWorkspaces(project: string): Promise<Workspace[]> {
  return fetchAll(`/api/projects/${project}/workspaces`, "workspaces");
}
