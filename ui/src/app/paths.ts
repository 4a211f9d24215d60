export type Panel = "changes" | "files" | "terminal" | "previews" | "egress";

export const sessionPath = (project: string, workspace: string, session: string) =>
  `/p/${project}/w/${workspace}/s/${session}`;
export const workspacePath = (project: string, workspace: string) => `/p/${project}/w/${workspace}`;
