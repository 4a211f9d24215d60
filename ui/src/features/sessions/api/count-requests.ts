import { request } from "@/lib/http";

/** How many requests of the session's agent nobody has answered yet (at most 50 are counted). */
export async function countRequests(project: string, session: string): Promise<number> {
  const answer: { requests?: unknown[] } = await request(`/api/projects/${project}/chat/${session}/requests`);
  return answer.requests?.length ?? 0;
}
