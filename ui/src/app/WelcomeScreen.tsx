import { FolderGit2, KeyRound, MessageSquareText } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { workspaceTitle } from "@/lib/domain";
import { MobileBar } from "./MobileBar";
import { workspacePath } from "./paths";
import { useSessions, useWorkspaces } from "./project-data";
import { SessionLink } from "./SessionLink";

/** The project's start: the way in for who is new, the latest sessions for who comes back. */
export function WelcomeScreen() {
  const { project = "" } = useParams();
  const workspaces = useWorkspaces(project);
  const sessions = useSessions(project);
  const latest = (sessions.data ?? [])
    .toSorted((a, b) =>
      (b.lastActivityAt ?? b.createdAt ?? "").localeCompare(a.lastActivityAt ?? a.createdAt ?? ""),
    )
    .slice(0, 6);
  return (
    <>
      <MobileBar title="Slipway" />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-3xl px-4 py-10 sm:px-6 sm:py-16">
          <h1 className="text-2xl font-semibold tracking-tight">Put an agent to work</h1>
          <p className="mt-1 text-ink-muted">
            Each session has its own container, its own branch, and no secrets.
          </p>
          <ol className="mt-8 grid gap-3 sm:grid-cols-3">
            <Step icon={<KeyRound aria-hidden className="size-5" />} title="Add a key">
              <Link to={`/p/${project}/credentials`} className="text-accent underline">
                Credentials
              </Link>{" "}
              stay outside the sandbox.
            </Step>
            <Step icon={<FolderGit2 aria-hidden className="size-5" />} title="Add a repository">
              By URL or folder, with the + at the top left.
            </Step>
            <Step icon={<MessageSquareText aria-hidden className="size-5" />} title="Say what to do">
              Look at the changes, then apply them.
            </Step>
          </ol>
          {(workspaces.data?.length ?? 0) > 0 && (
            <section className="mt-10">
              <h2 className="mb-2 font-semibold">Start a session</h2>
              <ul className="flex flex-wrap gap-2">
                {workspaces.data?.map((workspace) => (
                  <li key={workspace.id}>
                    <Link
                      to={workspacePath(project, workspace.id)}
                      className="inline-flex h-9 items-center gap-2 rounded-lg border border-line-strong px-3 text-sm font-medium hover:bg-sunken pointer-coarse:h-11"
                    >
                      <FolderGit2 aria-hidden className="size-4 text-ink-muted" />
                      {workspaceTitle(workspace)}
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {latest.length > 0 && (
            <section className="mt-10">
              <h2 className="mb-2 font-semibold">Latest sessions</h2>
              <ul className="rounded-xl border border-line p-1">
                {latest.map((session) => (
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

function Step({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <li className="rounded-xl border border-line bg-surface p-4">
      <span className="text-accent">{icon}</span>
      <p className="mt-2 font-medium">{title}</p>
      <p className="text-sm text-ink-muted">{children}</p>
    </li>
  );
}
