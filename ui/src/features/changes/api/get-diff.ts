import { request } from "@/lib/http";

export type FileStatus = "added" | "modified" | "deleted" | "renamed" | "unchanged";

export interface ChangedFile {
  path: string;
  oldPath?: string | null;
  status: FileStatus;
  additions?: number;
  deletions?: number;
  binary?: boolean;
  /** git's unified patch; left out where the file is binary or too large. */
  patch?: string | null;
}

export interface SessionDiff {
  files: ChangedFile[];
  stats?: { filesChanged: number; additions: number; deletions: number };
}

/** All that the session changed since its base. */
export function getDiff(project: string, session: string): Promise<SessionDiff> {
  return request(`/api/projects/${project}/sessions/${session}/diff`, { timeout: 60_000 });
}
