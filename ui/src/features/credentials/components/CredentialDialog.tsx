import { type FormEvent, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Select, TextField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { useAction } from "@/lib/use-action";
import type { Provider } from "../api/get-providers";
import { saveCredential } from "../api/save-credential";

interface CredentialDialogProps {
  project: string;
  providers: Provider[];
  /** Set when an existing one is replaced. */
  provider?: string;
  onClose: (saved: boolean) => void;
}

const CUSTOM = "custom";

export function CredentialDialog({ project, providers, provider: fixed, onClose }: CredentialDialogProps) {
  const [provider, setProvider] = useState(fixed ?? providers[0]?.id ?? CUSTOM);
  const [name, setName] = useState("");
  const [secret, setSecret] = useState("");
  const [host, setHost] = useState("");
  const [header, setHeader] = useState("Authorization");
  const chosen = providers.find((each) => each.id === provider);
  const save = useAction(async () => {
    await saveCredential(project, {
      provider,
      name: name.trim() || chosen?.name || provider,
      authType: provider === CUSTOM ? "header" : "api_key",
      apiKey: secret.trim(),
      ...(provider === CUSTOM ? { host: host.trim(), header: header.trim() } : {}),
    });
    onClose(true);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.run();
  };
  return (
    <Dialog
      title={fixed ? "Replace the secret" : "Add a credential"}
      description="It is encrypted, put on requests outside the sandbox, and never shown again."
      onClose={() => onClose(false)}
    >
      <form onSubmit={submit} className="space-y-4">
        <Select
          label="Provider"
          value={provider}
          disabled={Boolean(fixed)}
          onChange={(event) => setProvider(event.target.value)}
        >
          {providers.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
          {!providers.some((each) => each.id === CUSTOM) && (
            <option value={CUSTOM}>Custom host and header</option>
          )}
        </Select>
        {provider === CUSTOM && (
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Host"
              required
              placeholder="api.example.com"
              value={host}
              onChange={(event) => setHost(event.target.value)}
            />
            <TextField
              label="Header"
              required
              value={header}
              onChange={(event) => setHeader(event.target.value)}
            />
          </div>
        )}
        <TextField
          label="Name"
          placeholder={chosen?.name ?? "What it is for"}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={provider === CUSTOM ? "Value" : "API key"}
          type="password"
          required
          autoComplete="off"
          spellCheck={false}
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
          hint={
            chosen?.hosts?.length
              ? `Only ever sent to ${chosen.hosts.join(", ")}.`
              : "Only ever sent to its own host."
          }
        />
        {save.error !== null && <ProblemNotice error={save.error} />}
        <div className="flex justify-end gap-2 pt-1">
          <Button onClick={() => onClose(false)}>Cancel</Button>
          <Button look="primary" type="submit" busy={save.busy} disabled={!secret.trim()}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
