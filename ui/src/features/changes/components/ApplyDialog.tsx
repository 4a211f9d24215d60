import { FileWarning } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextArea } from "@/components/Field";
import { Notice, ProblemNotice } from "@/components/Notice";
import { plural } from "@/lib/format";
import { useAction } from "@/lib/use-action";
import { type Applied, applyChanges, conflictsOf } from "../api/apply-changes";

interface ApplyDialogProps {
  project: string;
  session: string;
  suggestedMessage: string;
  fileCount: number;
  onClose: () => void;
}

/** Puts the session's work on the workspace's branch as a commit; a conflict changes nothing and names the files. */
export function ApplyDialog({ project, session, suggestedMessage, fileCount, onClose }: ApplyDialogProps) {
  const [message, setMessage] = useState(suggestedMessage);
  const [applied, setApplied] = useState<Applied | null>(null);
  const { run, busy, error } = useAction(async () =>
    setApplied(await applyChanges(project, session, message.trim())),
  );
  const conflicts = conflictsOf(error);
  if (applied) {
    return (
      <Dialog title="Applied" onClose={onClose}>
        <Notice tone="good" title={`Committed to ${applied.branch}`}>
          <code className="font-mono text-xs">{applied.commit}</code>
        </Notice>
        <div className="mt-5 flex justify-end">
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      title="Apply to the workspace"
      description={`${plural(fileCount, "file")} will be committed to the workspace's branch.`}
      onClose={onClose}
    >
      <TextArea
        label="Commit message"
        rows={3}
        value={message}
        onChange={(event) => setMessage(event.target.value)}
      />
      {conflicts.length > 0 ? (
        <Notice tone="warn" title="These files conflict; nothing was changed" className="mt-4">
          <ul className="mt-1 space-y-1">
            {conflicts.map((conflict) => (
              <li key={conflict.path} className="flex items-start gap-2">
                <FileWarning aria-hidden className="mt-0.5 size-4 shrink-0" />
                <span>
                  <code className="font-mono text-xs">{conflict.path}</code>
                  {conflict.detail && <span className="block text-xs">{conflict.detail}</span>}
                </span>
              </li>
            ))}
          </ul>
          <p className="mt-2">
            Ask the agent to bring its branch up to date with the workspace, then apply again.
          </p>
        </Notice>
      ) : (
        error !== null && <ProblemNotice error={error} className="mt-4" />
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" busy={busy} onClick={() => run()}>
          Apply
        </Button>
      </div>
    </Dialog>
  );
}
