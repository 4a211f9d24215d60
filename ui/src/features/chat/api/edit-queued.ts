import { request } from "@/lib/http";
import type { QueuedTurn } from "./queue";

/** Says something else instead. 409 when the agent has the message already. */
export async function editQueued(
  project: string,
  session: string,
  turn: string,
  parts: Record<string, unknown>[],
): Promise<QueuedTurn[]> {
  const answer: { queue?: QueuedTurn[] } = await request(
    `/api/projects/${project}/chat/${session}/queue/${turn}`,
    { method: "PUT", body: { message: { role: "user", parts } } },
  );
  return answer.queue ?? [];
}
