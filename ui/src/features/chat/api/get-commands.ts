import { request } from "@/lib/http";

/** What may follow a slash at the beginning of a message. */
export interface Command {
  name: string;
  description?: string | null;
  hint?: string | null;
}

export async function getCommands(project: string, session: string): Promise<Command[]> {
  const answer: { commands?: Command[] } = await request(
    `/api/projects/${project}/sessions/${session}/commands`,
  );
  return answer.commands ?? [];
}
