import { clsx } from "clsx";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ProblemError } from "@/lib/http";

type Tone = "info" | "good" | "warn" | "bad";

const TONES: Record<Tone, [typeof Info, string]> = {
  info: [Info, "bg-surface border-line text-ink"],
  good: [CircleCheck, "bg-good-soft border-good/30 text-good"],
  warn: [TriangleAlert, "bg-warn-soft border-warn/30 text-warn"],
  bad: [CircleAlert, "bg-bad-soft border-bad/30 text-bad"],
};

interface NoticeProps {
  tone?: Tone;
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}

export function Notice({ tone = "info", title, children, action, className }: NoticeProps) {
  const [Icon, colours] = TONES[tone];
  return (
    <div
      role={tone === "bad" ? "alert" : undefined}
      className={clsx("flex items-start gap-2.5 rounded-xl border px-3 py-2.5 text-sm", colours, className)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={clsx(tone === "info" && "text-ink-muted")}>{children}</div>}
      </div>
      {action}
    </div>
  );
}

/** A refused request in the server's own words, field by field where it named any. */
export function ProblemNotice({
  error,
  action,
  className,
}: {
  error: unknown;
  action?: ReactNode;
  className?: string;
}) {
  const problem = error instanceof ProblemError ? error.problem : null;
  return (
    <Notice tone="bad" title={problem?.title ?? "That did not work"} action={action} className={className}>
      <p>{problem?.detail ?? String(error instanceof Error ? error.message : error)}</p>
      {problem?.errors?.map((each) => (
        <p key={each.field}>
          <code className="font-mono text-xs">{each.field}</code>: {each.detail}
        </p>
      ))}
    </Notice>
  );
}
