import { type FormEvent, useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { Logo } from "@/components/Logo";
import { ProblemNotice } from "@/components/Notice";
import { request } from "@/lib/http";
import { useAction } from "@/lib/use-action";

/** Asks for name and password, and comes back to the same address. */
export function SignedOut() {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const login = useAction(async () => {
    await request("/auth/login", { method: "POST", body: { username, password } });
    window.location.reload();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.run();
  };
  return (
    <main className="flex h-full items-center justify-center p-6">
      <form
        onSubmit={submit}
        className="w-full max-w-sm space-y-4 rounded-2xl border border-line bg-raised p-6 shadow-sm"
      >
        <div className="flex items-center gap-3">
          <Logo className="size-8" />
          <h1 className="text-lg font-semibold">Log in to Slipway</h1>
        </div>
        <TextField
          label="User name"
          required
          autoComplete="username"
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          required
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {login.error !== null && <ProblemNotice error={login.error} />}
        <Button look="primary" type="submit" busy={login.busy} className="w-full">
          Log in
        </Button>
      </form>
    </main>
  );
}
