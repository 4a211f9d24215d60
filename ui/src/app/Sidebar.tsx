import { clsx } from "clsx";
import { Bot, Command, FolderGit2, KeyRound, Plus, Search, WifiOff } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link, NavLink, useNavigate } from "react-router";
import useSWR from "swr";
import { Button, IconButton } from "@/components/Button";
import { Logo } from "@/components/Logo";
import { ProblemNotice } from "@/components/Notice";
import { getProjects } from "@/features/projects/api/get-projects";
import { GROUPS, groupOf } from "@/features/sessions/components/status";
import { type Session, sessionTitle, type Workspace, workspaceTitle } from "@/lib/domain";
import { AddWorkspace } from "./AddWorkspace";
import { MoreMenu } from "./MoreMenu";
import { workspacePath } from "./paths";
import { useSessions, useWaiting, useWorkspaces } from "./project-data";
import { SessionLink } from "./SessionLink";
import { ThemeSwitch } from "./ThemeSwitch";
import { WorkspaceHeading } from "./WorkspaceHeading";

type Grouping = "workspace" | "status";

interface SidebarProps {
  project: string;
  connected: boolean;
  /** Opens what finds everything by its name. */
  onPalette: () => void;
}

/** Workspaces and their sessions at a glance: which one runs, which one needs me. */
export function Sidebar({ project, connected, onPalette }: SidebarProps) {
  const workspaces = useWorkspaces(project);
  const sessions = useSessions(project);
  const projects = useSWR("projects", getProjects);
  const waiting = useWaiting(project, sessions.data);
  const [search, setSearch] = useState("");
  const [grouping, setGrouping] = useState<Grouping>("workspace");
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();

  const shown = newestFirst(sessions.data ?? []).filter((session) =>
    matches(session, workspaces.data ?? [], search),
  );
  const link = (session: Session) => (
    <SessionLink key={session.id} project={project} session={session} needsAnswer={waiting.has(session.id)} />
  );

  return (
    <>
      <div className="flex h-14 shrink-0 items-center gap-2.5 px-4">
        <Logo className="size-7 shrink-0" />
        <Link to={`/p/${project}`} className="text-base font-semibold tracking-tight">
          Slipway
        </Link>
        {(projects.data?.length ?? 0) > 1 ? (
          <select
            aria-label="Project"
            value={project}
            onChange={(event) => navigate(`/p/${event.target.value}`)}
            className="ms-auto h-7 max-w-32 truncate rounded-lg border border-line-strong bg-canvas px-1.5 text-xs"
          >
            {projects.data?.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </select>
        ) : (
          <span className="ms-auto" />
        )}
        <IconButton label="Go to… (Ctrl+K)" aria-keyshortcuts="Control+K Meta+K" onClick={onPalette}>
          <Command aria-hidden className="size-4" />
        </IconButton>
        <IconButton label="Add a workspace" className="-ms-2" onClick={() => setAdding(true)}>
          <Plus aria-hidden className="size-4" />
        </IconButton>
      </div>
      <div className="space-y-2 px-3 pb-2">
        <div className="relative">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-muted"
          />
          <input
            type="search"
            aria-label="Search sessions"
            placeholder="Search sessions"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className="h-8 w-full rounded-lg border border-line bg-canvas ps-8 pe-2 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
          />
        </div>
        <fieldset className="flex rounded-lg border border-line bg-sunken p-0.5">
          <legend className="sr-only">Group sessions by</legend>
          {(["workspace", "status"] as const).map((choice) => (
            <label
              key={choice}
              className={clsx(
                "flex-1 cursor-pointer rounded-md py-0.5 text-center text-xs font-medium capitalize has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:py-2",
                grouping === choice ? "bg-raised text-ink shadow-xs" : "text-ink-muted hover:text-ink",
              )}
            >
              <input
                type="radio"
                name="grouping"
                className="sr-only"
                checked={grouping === choice}
                onChange={() => setGrouping(choice)}
              />
              {choice}
            </label>
          ))}
        </fieldset>
      </div>
      <nav aria-label="Sessions" className="min-h-0 flex-1 space-y-3 overflow-y-auto px-2 py-1">
        {workspaces.error && <ProblemNotice error={workspaces.error} className="mx-1" />}
        {sessions.error && <ProblemNotice error={sessions.error} className="mx-1" />}
        {grouping === "workspace"
          ? workspaces.data?.map((workspace) => {
              const own = shown.filter((session) => session.workspaceId === workspace.id);
              return search && own.length === 0 ? null : (
                <section key={workspace.id} aria-label={workspaceTitle(workspace)}>
                  <WorkspaceHeading project={project} workspace={workspace} sessionCount={own.length} />
                  <ul>{own.map(link)}</ul>
                  {own.length === 0 && (
                    <Link
                      to={workspacePath(project, workspace.id)}
                      className="ms-8 block py-1 text-xs text-ink-muted hover:text-ink"
                    >
                      No sessions yet
                    </Link>
                  )}
                </section>
              );
            })
          : GROUPS.map((group) => {
              const own = shown.filter((session) => groupOf(session, waiting.has(session.id)) === group);
              return own.length === 0 ? null : (
                <section key={group} aria-label={group}>
                  <h2 className="px-2 pt-1 pb-1 text-xs font-medium text-ink-muted">
                    {group} <span className="tabular-nums">({own.length})</span>
                  </h2>
                  <ul>{own.map(link)}</ul>
                </section>
              );
            })}
        {workspaces.data?.length === 0 && (
          <div className="px-2 py-6 text-center">
            <FolderGit2 aria-hidden className="mx-auto mb-2 size-6 text-ink-muted" />
            <p className="mb-3 text-sm text-ink-muted">Add a repository to begin.</p>
            <Button size="small" look="primary" onClick={() => setAdding(true)}>
              Add workspace
            </Button>
          </div>
        )}
        {search && shown.length === 0 && (
          <p className="px-3 py-4 text-sm text-ink-muted">No session matches.</p>
        )}
      </nav>
      {!connected && (
        <p role="status" className="flex items-center gap-2 border-t border-line px-4 py-2 text-xs text-warn">
          <WifiOff aria-hidden className="size-3.5" /> Live updates lost; reconnecting…
        </p>
      )}
      <div className="flex items-center gap-1 border-t border-line p-2">
        <SettingsLink
          to={`/p/${project}/agents`}
          icon={<Bot aria-hidden className="size-4" />}
          label="Agents"
        />
        <SettingsLink
          to={`/p/${project}/credentials`}
          icon={<KeyRound aria-hidden className="size-4" />}
          label="Credentials"
        />
        <span className="ms-auto flex">
          <MoreMenu project={project} />
          <ThemeSwitch />
        </span>
      </div>
      {adding && (
        <AddWorkspace
          project={project}
          onClose={() => setAdding(false)}
          onCreated={(workspace) => {
            setAdding(false);
            void workspaces.mutate();
            navigate(workspacePath(project, workspace.id));
          }}
        />
      )}
    </>
  );
}

function SettingsLink({ to, icon, label }: { to: string; icon: ReactNode; label: string }) {
  return (
    <NavLink
      to={to}
      className={({ isActive }) =>
        clsx(
          "flex h-8 items-center gap-1.5 rounded-lg px-2 text-xs font-medium pointer-coarse:h-11",
          isActive ? "bg-accent-soft text-accent" : "text-ink-muted hover:bg-sunken hover:text-ink",
        )
      }
    >
      {icon}
      {label}
    </NavLink>
  );
}

function newestFirst(sessions: readonly Session[]): Session[] {
  const at = (session: Session) => session.lastActivityAt ?? session.createdAt ?? "";
  return sessions
    .filter((session) => session.status !== "removed")
    .toSorted((a, b) => at(b).localeCompare(at(a)));
}

function matches(session: Session, workspaces: readonly Workspace[], search: string): boolean {
  const workspace = workspaces.find((each) => each.id === session.workspaceId);
  const text = `${sessionTitle(session)} ${workspace ? workspaceTitle(workspace) : ""} ${session.branch ?? ""}`;
  return text.toLowerCase().includes(search.trim().toLowerCase());
}
