import { request } from "@/lib/http";

export function deleteWorkspace(project: string, workspace: string): Promise<void> {
  return request(`/api/projects/${project}/workspaces/${workspace}`, { method: "DELETE" });
}
