import { ProblemError, request } from "@/lib/http";

export interface Applied {
  ok: boolean;
  commit: string;
  branch: string;
}

export interface Conflict {
  path: string;
  detail: string;
}

/** Puts the session's work on the workspace's branch. On a conflict nothing changed; see `conflictsOf`. */
export function applyChanges(project: string, session: string, commitMessage: string): Promise<Applied> {
  return request(`/api/projects/${project}/sessions/${session}/apply`, {
    method: "POST",
    body: commitMessage ? { commitMessage } : {},
    timeout: 120_000,
  });
}

/** The files that a refused `applyChanges` names; empty when it failed for another reason. */
export function conflictsOf(error: unknown): Conflict[] {
  if (!(error instanceof ProblemError) || error.problem.status !== 409) {
    return [];
  }
  const { conflicts, files, errors } = error.problem;
  const listed = [conflicts, files].find(Array.isArray) as unknown[] | undefined;
  if (listed) {
    return listed.map((each) =>
      typeof each === "string" ? { path: each, detail: "" } : fromObject(each as Record<string, unknown>),
    );
  }
  return (errors ?? []).map((each) => ({ path: each.field, detail: each.detail }));
}

function fromObject({ path, file, detail, reason }: Record<string, unknown>): Conflict {
  return { path: String(path ?? file ?? ""), detail: String(detail ?? reason ?? "") };
}
