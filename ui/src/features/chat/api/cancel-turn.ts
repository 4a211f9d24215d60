import { request } from "@/lib/http";

/** Asks the agent to stop; the stream tells when it has. 409 when nothing runs. */
export function cancelTurn(project: string, session: string): Promise<void> {
  return request(`/api/projects/${project}/chat/${session}/cancel`, { method: "POST", body: {} });
}
