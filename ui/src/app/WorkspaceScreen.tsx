import { FolderGit2 } from "lucide-react";
import { useParams } from "react-router";
import { ProblemNotice } from "@/components/Notice";
import { WorkspaceNotice } from "@/features/workspaces/components/WorkspaceNotice";
import { workspaceTitle } from "@/lib/domain";
import { MobileBar } from "./MobileBar";
import { NewSession } from "./NewSession";
import { NotFound } from "./NotFound";
import { useSessions, useWorkspaces, workspaceOf } from "./project-data";
import { SessionLink } from "./SessionLink";

/** A workspace: start a session in it, or go to one that exists. */
export function WorkspaceScreen() {
  const { project = "", workspace: id = "" } = useParams();
  const workspaces = useWorkspaces(project);
  const sessions = useSessions(project);
  const workspace = workspaceOf(workspaces.data, id);
  const own = (sessions.data ?? []).filter((session) => session.workspaceId === id);
  if (!workspace) {
    return (
      <>
        <MobileBar title="Workspace" />
        {workspaces.error && <ProblemNotice error={workspaces.error} className="m-4" />}
        {workspaces.data && <NotFound />}
      </>
    );
  }
  return (
    <>
      <MobileBar title={workspaceTitle(workspace)} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-3xl px-4 py-8 sm:px-6 sm:py-14">
          <p className="flex items-center gap-2 text-sm text-ink-muted">
            <FolderGit2 aria-hidden className="size-4 shrink-0" />
            <span className="truncate font-mono text-xs">{workspace.path}</span>
            {workspace.commit && (
              <code className="shrink-0 rounded-md border border-line bg-surface px-1.5 font-mono text-xs">
                {workspace.commit.slice(0, 8)}
              </code>
            )}
          </p>
          <h1 className="mt-1 mb-6 text-2xl font-semibold tracking-tight">{workspaceTitle(workspace)}</h1>
          <WorkspaceNotice
            project={project}
            workspace={workspace}
            onChanged={() => void workspaces.mutate()}
          />
          <NewSession project={project} workspace={workspace} />
          {own.length > 0 && (
            <section className="mt-10">
              <h2 className="mb-2 font-semibold">Sessions</h2>
              <ul className="rounded-xl border border-line p-1">
                {own.map((session) => (
                  <SessionLink key={session.id} project={project} session={session} needsAnswer={false} />
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
    </>
  );
}
