import { request } from "@/lib/http";

export interface Validation {
  valid: boolean;
  message?: string | null;
}

/** Asks whether the workspace can be used; a failed one that can is cloned again. Looks at the remote, so it may take a while. */
export function validateWorkspace(project: string, workspace: string): Promise<Validation> {
  return request(`/api/projects/${project}/workspaces/${workspace}/validate`, {
    method: "POST",
    timeout: 90_000,
  });
}
