import { clsx } from "clsx";
import { Folder, GitBranch } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import type { Workspace } from "@/lib/domain";
import { useAction } from "@/lib/use-action";
import { createWorkspace } from "../api/create-workspace";
import { getSuggestions } from "../api/get-suggestions";
import { CloneOptions, type CredentialChoice, optionsOf, WHOLE } from "./CloneOptions";

interface WorkspaceDialogProps {
  project: string;
  onClose: () => void;
  onCreated: (workspace: Workspace) => void;
  /** What may clone a private repository. */
  credentials: readonly CredentialChoice[];
}

export function WorkspaceDialog({ project, onClose, onCreated, credentials }: WorkspaceDialogProps) {
  const [sourceType, setSourceType] = useState<"local" | "git">("git");
  const [path, setPath] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [clone, setClone] = useState(WHOLE);
  const list = useId();
  const suggestions = useSWR(
    sourceType === "local" && path.length > 0 ? ["suggestions", project, path] : null,
    () => getSuggestions(project, path).catch(() => []),
  );
  const create = useAction(async () => {
    const name = displayName.trim();
    onCreated(
      await createWorkspace(project, {
        path: path.trim(),
        sourceType,
        ...(name ? { displayName: name } : {}),
        ...(sourceType === "git" ? optionsOf(clone) : {}),
      }),
    );
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.run();
  };
  return (
    <Dialog
      title="Add a workspace"
      description="A git repository that agents work on, each session on its own branch."
      onClose={onClose}
    >
      <form onSubmit={submit} className="space-y-4">
        <fieldset className="grid grid-cols-2 gap-2">
          <legend className="mb-1 text-sm font-medium">Where is it?</legend>
          {(
            [
              ["git", "Git URL", "Cloned by Slipway", GitBranch],
              ["local", "Local folder", "On Slipway's machine", Folder],
            ] as const
          ).map(([value, label, hint, Icon]) => (
            <label
              key={value}
              className={clsx(
                "flex cursor-pointer items-start gap-2.5 rounded-xl border p-3 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
                sourceType === value ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-sunken",
              )}
            >
              <input
                type="radio"
                name="source"
                className="sr-only"
                checked={sourceType === value}
                onChange={() => setSourceType(value)}
              />
              <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-muted" />
              <span className="text-sm">
                <span className="block font-medium">{label}</span>
                <span className="block text-xs text-ink-muted">{hint}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <TextField
          label={sourceType === "git" ? "Repository URL" : "Folder"}
          required
          list={list}
          spellCheck={false}
          autoComplete="off"
          placeholder={sourceType === "git" ? "https://github.com/owner/repository.git" : "/home/you/project"}
          value={path}
          onChange={(event) => setPath(event.target.value)}
          hint={sourceType === "local" ? "It must lie under the folders that the server allows." : undefined}
        />
        <datalist id={list}>
          {suggestions.data?.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <TextField
          label="Name"
          placeholder="The repository's"
          value={displayName}
          onChange={(event) => setDisplayName(event.target.value)}
        />
        {sourceType === "git" && <CloneOptions draft={clone} onChange={setClone} credentials={credentials} />}
        {create.error !== null && <ProblemNotice error={create.error} />}
        <div className="flex justify-end gap-2 pt-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={create.busy} disabled={!path.trim()}>
            Add workspace
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
