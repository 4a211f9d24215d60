import { request } from "@/lib/http";

/** Writes text into a file of the sandbox; missing folders are made. */
export function writeFile(project: string, session: string, path: string, content: string): Promise<void> {
  return request(`/api/projects/${project}/sessions/${session}/files/write`, {
    method: "PUT",
    body: { path, content, encoding: "utf8" },
  });
}
