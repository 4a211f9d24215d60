import { request } from "@/lib/http";
import type { ChangedFile } from "./get-diff";

/** One file's patch, for files that the whole diff left out. */
export function getFileDiff(project: string, session: string, path: string): Promise<ChangedFile> {
  return request(`/api/projects/${project}/sessions/${session}/diff?path=${encodeURIComponent(path)}`, {
    timeout: 60_000,
  });
}
