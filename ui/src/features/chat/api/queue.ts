import { request } from "@/lib/http";
import type { StoredMessage } from "../store/history";

/** A message that waits for its turn. */
export interface QueuedTurn {
  turnId: string;
  message: StoredMessage;
}

interface Answer {
  queue?: QueuedTurn[];
}

const pathOf = (project: string, session: string) => `/api/projects/${project}/chat/${session}/queue`;

/** What waits, first to last. 404 and 501 from servers whose queue cannot be changed. */
export async function getQueue(project: string, session: string): Promise<QueuedTurn[]> {
  const answer: Answer = await request(pathOf(project, session));
  return answer.queue ?? [];
}
