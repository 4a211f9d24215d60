import {
  CheckCircle2,
  CircleAlert,
  FlaskConical,
  KeyRound,
  MoreHorizontal,
  Pencil,
  RefreshCw,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Menu } from "@/components/Menu";
import { Notice, ProblemNotice } from "@/components/Notice";
import { ago, plural } from "@/lib/format";
import { useAction } from "@/lib/use-action";
import type { Credential } from "../api/get-credentials";
import { refreshCredential } from "../api/refresh-credential";
import { type TestResult, testCredential } from "../api/test-credential";

const STATES: Record<string, string> = {
  expired: "It has expired. Sign in again, or replace the secret.",
  refresh_failed: "Its next token did not come.",
  unreadable: "It cannot be opened any more. Replace the secret.",
};

const RESULTS = { works: "It works", refused: "The provider refused it", unreachable: "No answer" };

interface CredentialRowProps {
  project: string;
  credential: Credential;
  providerName: string;
  onReplace: () => void;
  onDelete: () => void;
  onChanged: () => void;
}

/** One credential: whose it is, how it stands, when it was used, and whether it works. */
export function CredentialRow(props: CredentialRowProps) {
  const { project, credential, providerName, onReplace, onDelete, onChanged } = props;
  const [result, setResult] = useState<TestResult | null>(null);
  const test = useAction(async () => {
    setResult(null);
    setResult(await testCredential(project, credential));
  });
  const refresh = useAction(async () => {
    await refreshCredential(project, credential);
    onChanged();
  });
  const title = credential.name || providerName;
  const broken = credential.status ? STATES[credential.status] : undefined;
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <KeyRound aria-hidden className="size-5 shrink-0 text-ink-muted" />
        <div className="min-w-0 flex-1 basis-48">
          <p className="flex items-center gap-2 font-medium">
            <span className="truncate">{title}</span>
            <span className="rounded-full bg-sunken px-2 py-0.5 text-xs font-normal text-ink-muted">
              {credential.personal ? "Only me" : "Project"}
            </span>
          </p>
          <p className="text-xs text-ink-muted">
            {[
              title === providerName ? null : providerName,
              credential.authType === "oauth"
                ? "signed in"
                : (credential.last4 && `••••${credential.last4}`) || "••••••••",
              credential.host,
              credential.lastUsedAt
                ? `used ${ago(credential.lastUsedAt)}, ${plural(credential.useCount ?? 0, "request")}`
                : credential.updatedAt
                  ? `changed ${ago(credential.updatedAt)}`
                  : null,
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
          {credential.effective === false && (
            <p className="text-xs text-ink-muted">Your sessions use your own one instead.</p>
          )}
        </div>
        <Button
          size="small"
          busy={test.busy}
          icon={<FlaskConical aria-hidden className="size-3.5" />}
          onClick={() => test.run()}
        >
          Test
        </Button>
        <Menu
          label={`More for ${title}`}
          icon={<MoreHorizontal aria-hidden className="size-4" />}
          items={[
            { label: "Replace", icon: <Pencil aria-hidden className="size-4" />, onSelect: onReplace },
            ...(credential.authType === "oauth"
              ? [
                  {
                    label: "Refresh now",
                    icon: <RefreshCw aria-hidden className="size-4" />,
                    onSelect: () => refresh.run(),
                  },
                ]
              : []),
            {
              label: "Delete",
              icon: <Trash2 aria-hidden className="size-4" />,
              danger: true,
              onSelect: onDelete,
            },
          ]}
        />
      </div>
      {broken && (
        <Notice tone="warn" className="mt-2" title={broken}>
          {credential.problem}
          {credential.nextRefreshAt ? ` Tried again ${ago(credential.nextRefreshAt)}.` : ""}
        </Notice>
      )}
      {result && (
        <p
          role="status"
          className={`mt-2 flex items-start gap-1.5 text-xs ${result.status === "works" ? "text-good" : "text-bad"}`}
        >
          {result.status === "works" ? (
            <CheckCircle2 aria-hidden className="mt-px size-3.5 shrink-0" />
          ) : (
            <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          )}
          {[RESULTS[result.status] ?? result.status, result.detail].filter(Boolean).join(": ")}
        </p>
      )}
      {test.error !== null && <ProblemNotice error={test.error} className="mt-2" />}
      {refresh.error !== null && <ProblemNotice error={refresh.error} className="mt-2" />}
    </li>
  );
}
