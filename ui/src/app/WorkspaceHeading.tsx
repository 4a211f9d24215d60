import { CircleAlert, FolderGit2, LoaderCircle, MoreHorizontal, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useSWRConfig } from "swr";
import { IconButton } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Menu } from "@/components/Menu";
import { deleteWorkspace } from "@/features/workspaces/api/delete-workspace";
import { type Workspace, workspaceTitle } from "@/lib/domain";
import { plural } from "@/lib/format";
import { workspacePath } from "./paths";

export function WorkspaceHeading({
  project,
  workspace,
  sessionCount,
}: {
  project: string;
  workspace: Workspace;
  sessionCount: number;
}) {
  const [deleting, setDeleting] = useState(false);
  const navigate = useNavigate();
  const { mutate } = useSWRConfig();
  const title = workspaceTitle(workspace);
  return (
    <div className="flex items-center ps-2">
      <Link
        to={workspacePath(project, workspace.id)}
        className="flex min-w-0 flex-1 items-center gap-2 py-1 text-sm font-semibold"
        title={workspace.path}
      >
        <FolderGit2 aria-hidden className="size-4 shrink-0 text-ink-muted" />
        <span className="truncate">{title}</span>
        {(workspace.status === "initializing" || workspace.status === "cloning") && (
          <LoaderCircle
            role="img"
            aria-label={workspace.status}
            className="size-3.5 shrink-0 animate-spin text-accent"
          />
        )}
        {workspace.status === "error" && (
          <CircleAlert role="img" aria-label="error" className="size-3.5 shrink-0 text-bad" />
        )}
      </Link>
      <Menu
        label={`More for ${title}`}
        icon={<MoreHorizontal aria-hidden className="size-4" />}
        items={[
          {
            label: "Delete workspace",
            icon: <Trash2 aria-hidden className="size-4" />,
            danger: true,
            onSelect: () => setDeleting(true),
          },
        ]}
      />
      <IconButton
        label={`New session in ${title}`}
        onClick={() => navigate(workspacePath(project, workspace.id))}
      >
        <Plus aria-hidden className="size-4" />
      </IconButton>
      {deleting && (
        <ConfirmDialog
          title={`Delete ${title}?`}
          consequence={`Its ${plural(sessionCount, "session")}, their sandboxes and all work that was not applied will be gone. The repository it came from stays as it is.`}
          confirmLabel="Delete workspace"
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await deleteWorkspace(project, workspace.id);
            navigate(`/p/${project}`);
            await mutate((key) => Array.isArray(key) && (key[0] === "workspaces" || key[0] === "sessions"));
          }}
        />
      )}
    </div>
  );
}
