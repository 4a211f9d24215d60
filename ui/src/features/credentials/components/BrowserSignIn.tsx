import { ExternalLink } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { useAction } from "@/lib/use-action";
import { authorize, exchange, type SignInBegun, type SignInWish } from "../api/sign-in";
import { isWebAddress } from "./addresses";

interface BrowserSignInProps {
  project: string;
  provider: string;
  providerName: string;
  wish: SignInWish;
  onDone: () => void;
}

/** Signing in at the provider in another tab, and pasting the code that it shows (OAuth with PKCE). */
export function BrowserSignIn({ project, provider, providerName, wish, onDone }: BrowserSignInProps) {
  const [begun, setBegun] = useState<SignInBegun | null>(null);
  const [code, setCode] = useState("");
  const begin = useAction(async () => setBegun(await authorize(project, provider, wish)));
  const finish = useAction(async () => {
    await exchange(project, provider, code.trim(), begun?.state ?? "", wish);
    onDone();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    finish.run();
  };
  if (!begun) {
    return (
      <div className="space-y-3">
        <Button look="primary" busy={begin.busy} onClick={() => begin.run()}>
          Sign in with {providerName}
        </Button>
        {begin.error !== null && <ProblemNotice error={begin.error} />}
      </div>
    );
  }
  return (
    <form onSubmit={submit} className="space-y-4">
      <ol className="list-decimal space-y-2 ps-5 text-sm">
        <li>
          {isWebAddress(begun.url) && (
            <a
              href={begun.url}
              target="_blank"
              rel="noopener noreferrer"
              className="inline-flex items-center gap-1.5 font-medium text-accent underline"
            >
              Open {providerName} <ExternalLink aria-hidden className="size-3.5" />
            </a>
          )}{" "}
          and allow the access.
        </li>
        <li>Copy the code that it shows, or the address of the page where you end up.</li>
      </ol>
      <TextField
        label="Code"
        required
        autoComplete="off"
        spellCheck={false}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      {finish.error !== null && <ProblemNotice error={finish.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={() => setBegun(null)}>Begin again</Button>
        <Button look="primary" type="submit" busy={finish.busy} disabled={!code.trim()}>
          Finish
        </Button>
      </div>
    </form>
  );
}
