import { type FormEvent, useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { Logo } from "@/components/Logo";
import { ProblemNotice } from "@/components/Notice";
import { useAction } from "@/lib/use-action";
import { logIn, register } from "../api/log-in";
import { getServerConfig, loginAddress, providerTitle } from "../api/server-config";

/** Logs in, or makes an account with an invite code, and comes back to the same address. */
export function LoginPage() {
  const config = useSWR("server-config", getServerConfig, { shouldRetryOnError: false });
  const [isNew, setNew] = useState(false);
  const [username, setUsername] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [inviteCode, setInviteCode] = useState("");
  const enter = useAction(async () => {
    if (isNew) await register({ username, email: email.trim(), password, inviteCode: inviteCode.trim() });
    else await logIn(username, password);
    window.location.reload();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.run();
  };
  const providers = config.data?.loginProviders ?? [];
  const here = window.location.pathname + window.location.search;
  return (
    <main className="flex h-full items-center justify-center overflow-y-auto p-6">
      <div className="w-full max-w-sm space-y-4 rounded-2xl border border-line bg-raised p-6 shadow-sm">
        <div className="flex items-center gap-3">
          <Logo className="size-8" />
          <h1 className="text-lg font-semibold">{isNew ? "Make an account" : "Log in to Slipway"}</h1>
        </div>
        {isNew && (
          <TextField
            label="Invite code"
            required
            autoComplete="off"
            spellCheck={false}
            value={inviteCode}
            onChange={(event) => setInviteCode(event.target.value)}
          />
        )}
        {providers.length > 0 && (
          <div className="space-y-2">
            {providers.map((provider) => (
              <a
                key={provider}
                href={loginAddress(provider, here, isNew ? inviteCode.trim() : "")}
                className="flex h-9 items-center justify-center rounded-lg border border-line-strong text-sm font-medium hover:bg-sunken pointer-coarse:h-11"
              >
                Continue with {providerTitle(provider)}
              </a>
            ))}
            <p className="text-center text-xs text-ink-muted">or by password</p>
          </div>
        )}
        <form onSubmit={submit} className="space-y-4">
          <TextField
            label="User name"
            required
            autoComplete="username"
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
          {isNew && (
            <TextField
              label="E-mail address"
              type="email"
              required
              autoComplete="email"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
          <TextField
            label="Password"
            type="password"
            required
            minLength={isNew ? 10 : undefined}
            autoComplete={isNew ? "new-password" : "current-password"}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            hint={isNew ? "At least 10 characters." : undefined}
          />
          {enter.error !== null && <ProblemNotice error={enter.error} />}
          <Button look="primary" type="submit" busy={enter.busy} className="w-full">
            {isNew ? "Make the account" : "Log in"}
          </Button>
        </form>
        <button
          type="button"
          onClick={() => {
            enter.clear();
            setNew(!isNew);
          }}
          className="w-full text-center text-sm text-accent underline pointer-coarse:min-h-11"
        >
          {isNew ? "I have an account" : "I have an invite code"}
        </button>
      </div>
    </main>
  );
}
