import { clsx } from "clsx";
import { CirclePause, CirclePlay, GitBranch, MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { Link, useNavigate } from "react-router";
import { useSWRConfig } from "swr";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { Menu } from "@/components/Menu";
import { ProblemNotice } from "@/components/Notice";
import { deleteSession } from "@/features/sessions/api/delete-session";
import { renameSession } from "@/features/sessions/api/rename-session";
import { resumeSession } from "@/features/sessions/api/resume-session";
import { stopSession } from "@/features/sessions/api/stop-session";
import { StatusBadge } from "@/features/sessions/components/StatusBadge";
import { type Session, sessionTitle, workspaceTitle } from "@/lib/domain";
import { count, dollars } from "@/lib/format";
import { useAction } from "@/lib/use-action";
import { useShell } from "./ProjectShell";
import { PANELS } from "./panels";
import { type Panel, workspacePath } from "./paths";
import { useAgents, useWorkspaces, workspaceOf } from "./project-data";

interface SessionHeaderProps {
  project: string;
  session: Session;
  panel: Panel | null;
  onPanel: (panel: Panel | null) => void;
  onChanged: () => void;
}

/** What session this is, how it stands, and what can be done with it as a whole. */
export function SessionHeader({ project, session, panel, onPanel, onChanged }: SessionHeaderProps) {
  const { menuButton } = useShell();
  const workspace = workspaceOf(useWorkspaces(project).data, session.workspaceId);
  const agent = useAgents(project).data?.find((each) => each.id === session.agentId);
  const [open, setOpen] = useState<"rename" | "delete" | null>(null);
  const navigate = useNavigate();
  const { mutate } = useSWRConfig();
  const lists = () => mutate(["sessions", project]);
  const act = useAction(async (action: typeof stopSession) => {
    await action(project, session.id);
    onChanged();
    await lists();
  });
  const sleeping = session.status === "stopped" || session.status === "error";
  const tokens = (session.usage?.inputTokens ?? 0) + (session.usage?.outputTokens ?? 0);

  return (
    <>
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-2 sm:px-4">
        {menuButton}
        <div className="min-w-0 flex-1">
          <h1 className="truncate text-sm leading-5 font-semibold">{sessionTitle(session)}</h1>
          <p className="flex items-center gap-2 text-xs text-ink-muted">
            <StatusBadge status={session.status} />
            {workspace && (
              <Link
                to={workspacePath(project, workspace.id)}
                className="truncate hover:text-ink hover:underline max-sm:hidden"
              >
                {workspaceTitle(workspace)}
              </Link>
            )}
            {session.branch && (
              <span className="hidden min-w-0 items-center gap-1 xl:flex" title={session.branch}>
                <GitBranch aria-hidden className="size-3 shrink-0" />
                <span className="max-w-40 truncate font-mono">{session.branch}</span>
              </span>
            )}
            {agent && <span className="truncate max-sm:hidden">{agent.name}</span>}
            {tokens > 0 && (
              <span className="whitespace-nowrap" title={`${count(tokens)} tokens in and out`}>
                {session.usage?.costUsd ? dollars(session.usage.costUsd) : `${count(tokens)} tokens`}
              </span>
            )}
          </p>
        </div>
        <div className="hidden gap-1.5 lg:flex">
          {PANELS.map(({ panel: target, label, Icon }) => (
            <PanelButton
              key={target}
              label={label}
              icon={<Icon aria-hidden className="size-4" />}
              on={panel === target}
              onClick={() => onPanel(panel === target ? null : target)}
            />
          ))}
        </div>
        <Menu
          label="Session actions"
          icon={<MoreHorizontal aria-hidden className="size-4" />}
          items={[
            {
              label: "Rename",
              icon: <Pencil aria-hidden className="size-4" />,
              onSelect: () => setOpen("rename"),
            },
            sleeping
              ? {
                  label: "Resume sandbox",
                  icon: <CirclePlay aria-hidden className="size-4" />,
                  onSelect: () => act.run(resumeSession),
                }
              : {
                  label: "Stop sandbox",
                  icon: <CirclePause aria-hidden className="size-4" />,
                  disabled: session.status === "removing",
                  onSelect: () => act.run(stopSession),
                },
            {
              label: "Delete session",
              icon: <Trash2 aria-hidden className="size-4" />,
              danger: true,
              onSelect: () => setOpen("delete"),
            },
          ]}
        />
      </header>
      {act.error !== null && (
        <ProblemNotice
          error={act.error}
          className="m-3"
          action={
            <Button size="small" onClick={act.clear}>
              Dismiss
            </Button>
          }
        />
      )}
      {open === "rename" && (
        <RenameDialog
          session={session}
          onClose={() => setOpen(null)}
          onRename={async (name) => {
            await renameSession(project, session.id, name);
            onChanged();
            await lists();
          }}
        />
      )}
      {open === "delete" && (
        <ConfirmDialog
          title={`Delete “${sessionTitle(session)}”?`}
          consequence="Its sandbox, conversation and branch will be gone. What you applied to the workspace stays."
          confirmLabel="Delete session"
          onClose={() => setOpen(null)}
          onConfirm={async () => {
            await deleteSession(project, session.id);
            navigate(workspacePath(project, session.workspaceId));
            await lists();
          }}
        />
      )}
    </>
  );
}

function PanelButton({
  label,
  icon,
  on,
  onClick,
}: {
  label: string;
  icon: ReactNode;
  on: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={on}
      title={label}
      onClick={onClick}
      className={clsx(
        "inline-flex h-8 items-center gap-1.5 rounded-lg border px-3 text-xs font-medium",
        on
          ? "border-accent/40 bg-accent-soft text-accent"
          : "border-line-strong text-ink-muted hover:bg-sunken hover:text-ink",
      )}
    >
      {icon}
      <span className="max-xl:sr-only">{label}</span>
    </button>
  );
}

function RenameDialog({
  session,
  onClose,
  onRename,
}: {
  session: Session;
  onClose: () => void;
  onRename: (name: string | null) => Promise<void>;
}) {
  const [name, setName] = useState(sessionTitle(session));
  const rename = useAction(async () => {
    await onRename(name.trim() || null);
    onClose();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.run();
  };
  return (
    <Dialog title="Rename the session" onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <TextField
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          hint="Empty gives it its first message's name back."
        />
        {rename.error !== null && <ProblemNotice error={rename.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={rename.busy}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
