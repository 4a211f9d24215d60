import { request } from "@/lib/http";

export interface FileContent {
  path: string;
  content: string;
  encoding: "utf8" | "base64";
  size: number;
}

/** A file of the sandbox, of at most 10 MB. */
export function readFile(project: string, session: string, path: string): Promise<FileContent> {
  const query = new URLSearchParams({ path });
  return request(`/api/projects/${project}/sessions/${session}/files/read?${query}`);
}
