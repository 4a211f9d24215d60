import { ExternalLink, LoaderCircle } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import { TextField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { useAction } from "@/lib/use-action";
import { beginDeviceCode, type DeviceCode, pollDeviceCode } from "../api/device-code";
import type { SignInWish } from "../api/sign-in";
import { isWebAddress } from "./addresses";

interface DeviceSignInProps {
  project: string;
  provider: string;
  providerName: string;
  wish: SignInWish;
  onDone: () => void;
}

/** Signing in by typing a short code at the provider, while this page waits (OAuth device flow). */
export function DeviceSignIn({ project, provider, providerName, wish, onDone }: DeviceSignInProps) {
  const [code, setCode] = useState<DeviceCode | null>(null);
  const [enterprise, setEnterprise] = useState("");
  const begin = useAction(async () =>
    setCode(await beginDeviceCode(project, provider, wish, enterprise.trim())),
  );
  if (code) {
    return (
      <Waiting
        key={code.deviceCode}
        project={project}
        provider={provider}
        code={code}
        onDone={onDone}
        onAgain={() => setCode(null)}
      />
    );
  }
  return (
    <div className="space-y-3">
      <TextField
        label="Enterprise domain"
        placeholder="Empty for github.com"
        value={enterprise}
        spellCheck={false}
        onChange={(event) => setEnterprise(event.target.value)}
      />
      <Button look="primary" busy={begin.busy} onClick={() => begin.run()}>
        Sign in with {providerName}
      </Button>
      {begin.error !== null && <ProblemNotice error={begin.error} />}
    </div>
  );
}

function Waiting({
  project,
  provider,
  code,
  onDone,
  onAgain,
}: {
  project: string;
  provider: string;
  code: DeviceCode;
  onDone: () => void;
  onAgain: () => void;
}) {
  const [error, setError] = useState<unknown>(null);
  const [left, setLeft] = useState(code.expiresIn);

  // biome-ignore lint/correctness/useExhaustiveDependencies: one wait per code; the parent's functions may change
  useEffect(() => {
    let interval = code.interval;
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const ask = async () => {
      try {
        const result = await pollDeviceCode(project, provider, code, interval);
        if (over) return;
        if (result.done) {
          onDone();
          return;
        }
        interval = result.interval;
        timer = setTimeout(ask, interval * 1_000);
      } catch (cause) {
        if (!over) setError(cause);
      }
    };
    timer = setTimeout(ask, interval * 1_000);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [code]);

  useEffect(() => {
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1_000);
    return () => clearInterval(timer);
  }, []);

  return (
    <div className="space-y-4">
      <p className="text-sm">Type this code at the provider:</p>
      <div className="flex items-center gap-2">
        <code className="rounded-xl border border-line-strong bg-sunken px-4 py-2 font-mono text-xl font-semibold tracking-widest">
          {code.userCode}
        </code>
        <CopyButton text={code.userCode} label="Copy the code" />
        {isWebAddress(code.verificationUri) && (
          <a
            href={code.verificationUri}
            target="_blank"
            rel="noopener noreferrer"
            className="inline-flex items-center gap-1.5 text-sm font-medium text-accent underline"
          >
            Open the page <ExternalLink aria-hidden className="size-3.5" />
          </a>
        )}
      </div>
      {error === null ? (
        <p className="flex items-center gap-2 text-sm text-ink-muted">
          <LoaderCircle aria-hidden className="size-4 animate-spin text-accent" />
          Waiting for you to sign in.
          {left > 0 && (
            <span className="tabular-nums">
              {Math.floor(left / 60)}:{String(left % 60).padStart(2, "0")} left
            </span>
          )}
        </p>
      ) : (
        <ProblemNotice
          error={error}
          action={
            <Button size="small" onClick={onAgain}>
              Begin again
            </Button>
          }
        />
      )}
    </div>
  );
}
