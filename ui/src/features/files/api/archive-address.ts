/** Where a browser gets all files of the sandbox as one archive. */
export function archiveAddress(project: string, session: string): string {
  return `/api/projects/${project}/sessions/${session}/files/archive`;
}
