import { type FormEvent, useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { useAction } from "@/lib/use-action";
import type { Credential } from "../api/get-credentials";
import { type NewCredential, saveCredential } from "../api/save-credential";
import type { SignInWish } from "../api/sign-in";

export const CUSTOM = "custom";
const SSH = "ssh";

interface SecretFormProps {
  project: string;
  provider: string;
  /** Where the secret goes, unless the user says that. */
  hosts: readonly string[];
  /** What may or must be said beside the secret. */
  fields: readonly string[];
  wish: SignInWish;
  replaced?: Credential;
  onDone: (saved: Credential) => void;
  onCancel: () => void;
}

/** The secret itself, and where it goes. It is sent once and kept nowhere in the page. */
export function SecretForm(props: SecretFormProps) {
  const { project, provider, hosts, fields, wish, replaced, onDone, onCancel } = props;
  const [secret, setSecret] = useState("");
  const [host, setHost] = useState(replaced?.host ?? "");
  const [header, setHeader] = useState("Authorization");
  const [username, setUsername] = useState("");
  const custom = provider === CUSTOM;
  const asksHost = custom || fields.includes("host");
  const asksUser = !custom && fields.includes("username");
  const store = useAction(async (generate: boolean) => {
    const credential: NewCredential = {
      provider: replaced?.provider ?? provider,
      ...wish,
      ...(custom ? { authType: "header" } : {}),
      ...(generate ? { generate: "ed25519" } : { apiKey: secret.trim() }),
      ...(asksHost && host.trim() ? { host: host.trim() } : {}),
      ...(custom ? { header: header.trim() } : {}),
      ...(asksUser && username.trim() ? { username: username.trim() } : {}),
    };
    onDone((await saveCredential(project, credential)) ?? { provider });
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    store.run(false);
  };
  const label = custom ? "Value" : provider === SSH ? "Private key" : "API key";
  return (
    <form onSubmit={submit} className="space-y-4">
      {(asksHost || asksUser) && (
        <div className="grid gap-4 sm:grid-cols-2">
          {asksHost && (
            <TextField
              label="Host"
              required={custom}
              placeholder={hosts[0] ?? "api.example.com"}
              value={host}
              spellCheck={false}
              onChange={(event) => setHost(event.target.value)}
            />
          )}
          {custom && (
            <TextField
              label="Header"
              required
              value={header}
              spellCheck={false}
              onChange={(event) => setHeader(event.target.value)}
            />
          )}
          {asksUser && (
            <TextField
              label="User name"
              value={username}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setUsername(event.target.value)}
            />
          )}
        </div>
      )}
      <TextField
        label={label}
        type="password"
        required
        autoComplete="off"
        spellCheck={false}
        value={secret}
        onChange={(event) => setSecret(event.target.value)}
        hint={hosts.length > 0 ? `Only ever sent to ${hosts.join(", ")}.` : "Only ever sent to its own host."}
      />
      {store.error !== null && <ProblemNotice error={store.error} />}
      <div className="flex flex-wrap justify-end gap-2 pt-1">
        {fields.includes("generate") && (
          <Button busy={store.busy} className="me-auto" onClick={() => store.run(true)}>
            Make a new key instead
          </Button>
        )}
        <Button onClick={onCancel}>Cancel</Button>
        <Button look="primary" type="submit" busy={store.busy} disabled={!secret.trim()}>
          Save
        </Button>
      </div>
    </form>
  );
}
