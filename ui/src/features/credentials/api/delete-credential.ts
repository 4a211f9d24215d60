import { request } from "@/lib/http";

export function deleteCredential(project: string, provider: string): Promise<void> {
  return request(`/api/projects/${project}/credentials/${encodeURIComponent(provider)}`, {
    method: "DELETE",
  });
}
