import { Select, TextField } from "@/components/Field";
import type { NewWorkspace } from "../api/create-workspace";

export interface CredentialChoice {
  id: string;
  label: string;
}

type Options = Pick<NewWorkspace, "credentialId" | "depth" | "sparse" | "submodules" | "lfs">;

/** What was typed, as the user typed it. */
export interface CloneDraft {
  credentialId: string;
  depth: string;
  sparse: string;
  submodules: boolean;
  lfs: boolean;
}

export const WHOLE: CloneDraft = { credentialId: "", depth: "", sparse: "", submodules: false, lfs: false };

/** What was chosen, without what stays as usual. */
export function optionsOf(draft: CloneDraft): Options {
  const depth = Number.parseInt(draft.depth, 10);
  const sparse = draft.sparse
    .split(/[\n,]/)
    .map((folder) => folder.trim())
    .filter(Boolean);
  return {
    ...(draft.credentialId ? { credentialId: draft.credentialId } : {}),
    ...(depth > 0 ? { depth } : {}),
    ...(sparse.length > 0 ? { sparse } : {}),
    ...(draft.submodules ? { submodules: true } : {}),
    ...(draft.lfs ? { lfs: true } : {}),
  };
}

interface CloneOptionsProps {
  draft: CloneDraft;
  onChange: (draft: CloneDraft) => void;
  credentials: readonly CredentialChoice[];
}

/** With which credential a repository is cloned, and how much of it. */
export function CloneOptions({ draft, onChange, credentials }: CloneOptionsProps) {
  const set = (change: Partial<CloneDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      {credentials.length > 0 && (
        <Select
          label="Credential"
          value={draft.credentialId}
          onChange={(event) => set({ credentialId: event.target.value })}
          hint="Only needed for a private repository."
        >
          <option value="">None, or the one that fits its host</option>
          {credentials.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Select>
      )}
      <details className="rounded-lg border border-line">
        <summary className="px-3 py-2 text-sm font-medium">Clone options</summary>
        <div className="space-y-4 border-t border-line p-3">
          <TextField
            label="Depth"
            inputMode="numeric"
            pattern="[0-9]*"
            placeholder="The whole history"
            value={draft.depth}
            onChange={(event) => set({ depth: event.target.value })}
            hint="Only so many commits of each branch."
          />
          <TextField
            label="Folders"
            placeholder="All of them"
            value={draft.sparse}
            spellCheck={false}
            onChange={(event) => set({ sparse: event.target.value })}
            hint="With commas between: only these are checked out."
          />
          <label className="flex items-center gap-2 text-sm pointer-coarse:min-h-11">
            <input
              type="checkbox"
              className="accent-accent"
              checked={draft.submodules}
              onChange={(event) => set({ submodules: event.target.checked })}
            />
            With submodules
          </label>
          <label className="flex items-center gap-2 text-sm pointer-coarse:min-h-11">
            <input
              type="checkbox"
              className="accent-accent"
              checked={draft.lfs}
              onChange={(event) => set({ lfs: event.target.checked })}
            />
            With the files of Git LFS
          </label>
        </div>
      </details>
    </>
  );
}
