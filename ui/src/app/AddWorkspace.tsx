import useSWR from "swr";
import { getCredentials } from "@/features/credentials/api/get-credentials";
import { WorkspaceDialog } from "@/features/workspaces/components/WorkspaceDialog";
import type { Workspace } from "@/lib/domain";

/** What git hosts take: models' keys are of no use to a clone. */
const FOR_GIT = /^(github|gitlab|ssh|custom|basic|git)/;

/** The dialog for a workspace, with the credentials that may clone it. */
export function AddWorkspace({
  project,
  onClose,
  onCreated,
}: {
  project: string;
  onClose: () => void;
  onCreated: (workspace: Workspace) => void;
}) {
  const credentials = useSWR(["credentials", project], () => getCredentials(project), {
    shouldRetryOnError: false,
  });
  const choices = (credentials.data ?? []).flatMap(({ id, kind, provider, name, host }) =>
    id && FOR_GIT.test(kind ?? provider) && (kind ?? provider) !== "github-copilot"
      ? [{ id, label: [name || provider, host].filter(Boolean).join(" · ") }]
      : [],
  );
  return <WorkspaceDialog project={project} credentials={choices} onClose={onClose} onCreated={onCreated} />;
}
