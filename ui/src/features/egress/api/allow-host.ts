import { request } from "@/lib/http";

/** Lets the session reach the host from now on. */
export function allowHost(project: string, session: string, host: string): Promise<void> {
  return request(`/api/projects/${project}/sessions/${session}/egress/allow`, {
    method: "POST",
    body: { host },
  });
}
