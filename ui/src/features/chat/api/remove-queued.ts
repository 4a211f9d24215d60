import { request } from "@/lib/http";
import type { QueuedTurn } from "./queue";

/** Takes a waiting message back. 409 when the agent has it already. */
export async function removeQueued(project: string, session: string, turn: string): Promise<QueuedTurn[]> {
  const answer: { queue?: QueuedTurn[] } = await request(
    `/api/projects/${project}/chat/${session}/queue/${turn}`,
    { method: "DELETE" },
  );
  return answer.queue ?? [];
}
