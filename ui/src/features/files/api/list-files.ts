import { request } from "@/lib/http";

export interface Entry {
  name: string;
  type: "directory" | "file";
  size?: number;
}

/** A folder of the sandbox, folders first. `path` is relative to the workspace; empty for its top. */
export async function listFiles(
  project: string,
  session: string,
  path: string,
  hidden: boolean,
): Promise<Entry[]> {
  const query = new URLSearchParams({ path: path || ".", hidden: String(hidden) });
  const answer: { entries?: Entry[] } = await request(
    `/api/projects/${project}/sessions/${session}/files?${query}`,
  );
  return answer.entries ?? [];
}
