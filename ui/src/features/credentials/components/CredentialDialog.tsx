import { useState } from "react";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import { Dialog } from "@/components/Dialog";
import { Select, TextField } from "@/components/Field";
import type { Credential } from "../api/get-credentials";
import type { Provider, SignIn } from "../api/get-providers";
import { BrowserSignIn } from "./BrowserSignIn";
import { DeviceSignIn } from "./DeviceSignIn";
import { OwnerField } from "./OwnerField";
import { CUSTOM, SecretForm } from "./SecretForm";

interface CredentialDialogProps {
  project: string;
  providers: Provider[];
  /** Set when an existing one is replaced. */
  replaced?: Credential;
  onClose: (saved: boolean) => void;
}

type Way = SignIn | "secret";

/** A new credential, or a new secret of one: by signing in at the provider, or pasted. */
export function CredentialDialog({ project, providers, replaced, onClose }: CredentialDialogProps) {
  const [provider, setProvider] = useState(
    replaced ? (replaced.kind ?? replaced.provider) : (providers[0]?.id ?? CUSTOM),
  );
  const [name, setName] = useState(replaced?.name ?? "");
  const [personal, setPersonal] = useState(replaced?.personal ?? false);
  const [chosenWay, setWay] = useState<Way | null>(null);
  const [made, setMade] = useState<Credential | null>(null);
  const chosen = providers.find((each) => each.id === provider);
  const providerName = chosen?.name ?? provider;
  const ways: Way[] = [...(chosen?.signIn ?? []), "secret"];
  const usual = replaced?.authType === "oauth" ? ways[0] : "secret";
  const way = chosenWay && ways.includes(chosenWay) ? chosenWay : (usual ?? "secret");
  const wish = { name: name.trim() || providerName, personal };
  const signIn = { project, provider, providerName, wish, onDone: () => onClose(true) };

  if (made?.publicKey) {
    return (
      <Dialog title="The key is made" onClose={() => onClose(true)}>
        <p className="mb-2 text-sm">
          Give this public key to the git host. The private one never leaves Slipway.
        </p>
        <div className="flex items-start gap-1">
          <pre className="min-w-0 flex-1 rounded-lg border border-line bg-sunken p-2.5 font-mono text-xs break-all whitespace-pre-wrap">
            {made.publicKey}
          </pre>
          <CopyButton text={made.publicKey} label="Copy the public key" />
        </div>
        <div className="mt-4 flex justify-end">
          <Button look="primary" onClick={() => onClose(true)}>
            Done
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={replaced ? "Replace the secret" : "Add a credential"}
      description="It is encrypted, put on requests outside the sandbox, and never shown again."
      onClose={() => onClose(false)}
    >
      <div className="space-y-4">
        <Select
          label="Provider"
          value={provider}
          disabled={Boolean(replaced)}
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
        <TextField
          label="Name"
          placeholder={chosen?.name ?? "What it is for"}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {!replaced && <OwnerField personal={personal} onChange={setPersonal} />}
        {ways.length > 1 && (
          <Select label="How" value={way} onChange={(event) => setWay(event.target.value as Way)}>
            {ways.map((each) => (
              <option key={each} value={each}>
                {each === "secret" ? "Paste a key" : `Sign in with ${providerName}`}
              </option>
            ))}
          </Select>
        )}
        <div className="border-t border-line pt-4">
          {way === "authorize" && <BrowserSignIn key={provider} {...signIn} />}
          {way === "device-code" && <DeviceSignIn key={provider} {...signIn} />}
          {way === "secret" && (
            <SecretForm
              key={provider}
              project={project}
              provider={provider}
              hosts={chosen?.hosts ?? []}
              fields={chosen?.fields ?? []}
              wish={wish}
              {...(replaced ? { replaced } : {})}
              onDone={(saved) => (saved.publicKey ? setMade(saved) : onClose(true))}
              onCancel={() => onClose(false)}
            />
          )}
        </div>
      </div>
    </Dialog>
  );
}
