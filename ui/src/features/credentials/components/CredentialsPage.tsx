import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ProblemNotice } from "@/components/Notice";
import { Page } from "@/components/Page";
import { useProjectEvents } from "@/lib/use-project-events";
import { deleteCredential } from "../api/delete-credential";
import { type Credential, getCredentials } from "../api/get-credentials";
import { getProviders } from "../api/get-providers";
import { CredentialDialog } from "./CredentialDialog";
import { CredentialRow } from "./CredentialRow";

type Open =
  | { kind: "add" }
  | { kind: "replace"; credential: Credential }
  | { kind: "delete"; credential: Credential };

export function CredentialsPage({ project }: { project: string }) {
  const credentials = useSWR(["credentials", project], () => getCredentials(project));
  const providers = useSWR(["providers", project], () => getProviders(project));
  const [open, setOpen] = useState<Open | null>(null);
  useProjectEvents((event) => {
    if (event.type === "credential_updated" || event.type === "gap") void credentials.mutate();
  });
  const nameOf = (id: string) => providers.data?.find((each) => each.id === id)?.name ?? id;
  const closed = (changed: boolean) => {
    setOpen(null);
    if (changed) void credentials.mutate();
  };
  const add = (
    <Button
      look="primary"
      icon={<Plus aria-hidden className="size-4" />}
      onClick={() => setOpen({ kind: "add" })}
    >
      Add credential
    </Button>
  );
  return (
    <Page
      title="Credentials"
      description="Keys never enter a sandbox. The proxy puts them on requests at the door, only for the host they belong to."
      action={credentials.data?.length ? add : undefined}
    >
      {credentials.error && <ProblemNotice error={credentials.error} />}
      {providers.error && <ProblemNotice error={providers.error} className="mt-3" />}
      {credentials.data?.length === 0 && (
        <EmptyState
          icon={<KeyRound aria-hidden className="size-5" />}
          title="No credentials yet"
          action={add}
        >
          Agents need a key of their model's provider, for example Anthropic's for Claude Code.
        </EmptyState>
      )}
      {credentials.data && credentials.data.length > 0 && (
        <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
          {credentials.data.map((credential) => (
            <CredentialRow
              key={credential.id ?? credential.provider}
              project={project}
              credential={credential}
              providerName={nameOf(credential.kind ?? credential.provider)}
              onReplace={() => setOpen({ kind: "replace", credential })}
              onDelete={() => setOpen({ kind: "delete", credential })}
              onChanged={() => void credentials.mutate()}
            />
          ))}
        </ul>
      )}
      {(open?.kind === "add" || open?.kind === "replace") && (
        <CredentialDialog
          project={project}
          providers={providers.data ?? []}
          onClose={closed}
          {...(open.kind === "replace" ? { replaced: open.credential } : {})}
        />
      )}
      {open?.kind === "delete" && (
        <ConfirmDialog
          title={`Delete ${open.credential.name || nameOf(open.credential.provider)}?`}
          consequence="Agents that use it can no longer reach its host, also in sessions that run now."
          confirmLabel="Delete"
          onClose={() => setOpen(null)}
          onConfirm={async () => {
            await deleteCredential(project, open.credential);
            await credentials.mutate();
          }}
        />
      )}
    </Page>
  );
}
