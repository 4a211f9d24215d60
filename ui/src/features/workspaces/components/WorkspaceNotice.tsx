import { RotateCw } from "lucide-react";
import { Button } from "@/components/Button";
import { Notice, ProblemNotice } from "@/components/Notice";
import type { Workspace } from "@/lib/domain";
import { useAction } from "@/lib/use-action";
import { validateWorkspace } from "../api/validate-workspace";

/** What stands between the user and the workspace: a clone under way, one that failed, its removal. Else nothing. */
export function WorkspaceNotice({
  project,
  workspace,
  onChanged,
}: {
  project: string;
  workspace: Workspace;
  onChanged: () => void;
}) {
  const again = useAction(async () => {
    const { valid, message } = await validateWorkspace(project, workspace.id);
    onChanged();
    if (!valid) throw new Error(message ?? "It cannot be used yet, and no reason was given.");
  });
  switch (workspace.status) {
    case "initializing":
    case "cloning":
      return <Cloning percent={workspace.progress} />;
    case "error":
      return (
        <div className="mb-4 space-y-2">
          <Notice
            tone="bad"
            title="This workspace is not usable"
            action={
              <Button
                size="small"
                busy={again.busy}
                icon={<RotateCw aria-hidden className="size-3.5" />}
                onClick={() => again.run()}
              >
                Try again
              </Button>
            }
          >
            {workspace.errorMessage || "No reason was given; see the server's log."}
          </Notice>
          {again.error !== null && <ProblemNotice error={again.error} />}
        </div>
      );
    case "removing":
      return (
        <Notice tone="warn" className="mb-4">
          This workspace is being removed.
        </Notice>
      );
    default:
      return null;
  }
}

function Cloning({ percent }: { percent?: number | null }) {
  const known = typeof percent === "number" && percent > 0;
  return (
    <Notice title="The repository is being cloned" className="mb-4">
      You can start a session already; it waits for the clone.
      {known && (
        <span className="mt-2 flex items-center gap-3">
          <progress
            max={100}
            value={percent}
            aria-label="Cloned"
            className="block h-1 w-full appearance-none overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-all"
          />
          <span className="shrink-0 text-xs tabular-nums">{Math.round(percent)} %</span>
        </span>
      )}
    </Notice>
  );
}
