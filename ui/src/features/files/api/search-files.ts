import { request } from "@/lib/http";

export interface Found {
  path: string;
  type: string;
}

/** The files and folders whose paths match best, best first. */
export async function searchFiles(
  project: string,
  session: string,
  typed: string,
  limit: number,
): Promise<Found[]> {
  const query = new URLSearchParams({ q: typed, limit: String(limit) });
  const answer: { results?: Found[] } = await request(
    `/api/projects/${project}/sessions/${session}/files/search?${query}`,
  );
  return answer.results ?? [];
}
