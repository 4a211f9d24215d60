import { request } from "@/lib/http";
import type { QueuedTurn } from "./queue";

/** Puts the waiting messages in another order; `order` names all of them. 409 when others wait by now. */
export async function orderQueue(project: string, session: string, order: string[]): Promise<QueuedTurn[]> {
  const answer: { queue?: QueuedTurn[] } = await request(`/api/projects/${project}/chat/${session}/queue`, {
    method: "PUT",
    body: { order },
  });
  return answer.queue ?? [];
}
