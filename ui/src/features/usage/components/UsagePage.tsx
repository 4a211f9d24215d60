import { clsx } from "clsx";
import { useState } from "react";
import useSWR from "swr";
import { EmptyState } from "@/components/EmptyState";
import { ProblemNotice } from "@/components/Notice";
import { Page } from "@/components/Page";
import { count, dollars } from "@/lib/format";
import { isMissing } from "@/lib/http";
import { getUsage, type UsageBy, type UsageLine } from "../api/get-usage";
import { lastDays, sumOf } from "./sums";

const BY: [UsageBy, string][] = [
  ["day", "By day"],
  ["model", "By model"],
  ["session", "By session"],
];
const SPANS = [7, 30, 90];

interface UsagePageProps {
  project: string;
  /** The name of a session that still exists. */
  sessionName: (id: string) => string | null;
}

/** What the project's sessions used of models, and what that cost. */
export function UsagePage({ project, sessionName }: UsagePageProps) {
  const [by, setBy] = useState<UsageBy>("day");
  const [days, setDays] = useState(30);
  const { from, to } = lastDays(days);
  const usage = useSWR(["usage", project, by, from, to], () => getUsage(project, by, from, to), {
    shouldRetryOnError: false,
    keepPreviousData: true,
  });
  const lines = usage.data ?? [];
  const sum = sumOf(lines);
  const most = Math.max(...lines.map((line) => Number(line.costUsd)), 0);
  const nameOf = (line: UsageLine) =>
    line.day ?? line.model ?? (line.sessionId ? (sessionName(line.sessionId) ?? line.sessionId) : "");
  return (
    <Page
      title="Usage"
      description="Counted by the proxy at the models' own doors."
      action={
        <select
          aria-label="Time"
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
          className="h-9 rounded-lg border border-line-strong bg-canvas px-2 text-sm pointer-coarse:h-11"
        >
          {SPANS.map((span) => (
            <option key={span} value={span}>
              Last {span} days
            </option>
          ))}
        </select>
      }
    >
      {usage.error &&
        (isMissing(usage.error) ? (
          <p className="text-sm text-ink-muted">This server does not count usage.</p>
        ) : (
          <ProblemNotice error={usage.error} />
        ))}
      {usage.data && (
        <>
          <dl className="mb-6 grid gap-3 sm:grid-cols-3">
            <Figure name="Cost" value={dollars(sum.costUsd)} />
            <Figure name="Tokens" value={count(sum.tokens)} />
            <Figure name="Calls" value={count(sum.calls)} />
          </dl>
          {sum.unpricedCalls > 0 && (
            <p className="mb-4 text-sm text-ink-muted">
              {count(sum.unpricedCalls)} of the calls went to models without a known price; their cost is not
              included.
            </p>
          )}
          <div className="mb-3 flex gap-1" role="group" aria-label="Add up">
            {BY.map(([value, label]) => (
              <button
                key={value}
                type="button"
                aria-pressed={by === value}
                onClick={() => setBy(value)}
                className={clsx(
                  "h-8 rounded-lg px-3 text-xs font-medium pointer-coarse:h-11",
                  by === value ? "bg-accent-soft text-accent" : "text-ink-muted hover:bg-sunken",
                )}
              >
                {label}
              </button>
            ))}
          </div>
          {lines.length === 0 ? (
            <EmptyState title="Nothing used in this time" />
          ) : (
            <div
              className="overflow-x-auto rounded-xl border border-line"
              tabIndex={0}
              role="region"
              aria-label="Usage"
            >
              <table className="w-full text-sm">
                <thead className="bg-surface text-xs text-ink-muted">
                  <tr>
                    <th className="px-3 py-2 text-start font-medium">
                      {by === "day" ? "Day" : by === "model" ? "Model" : "Session"}
                    </th>
                    <th className="px-3 py-2 text-end font-medium">Calls</th>
                    <th className="px-3 py-2 text-end font-medium">In</th>
                    <th className="px-3 py-2 text-end font-medium">Out</th>
                    <th className="px-3 py-2 text-end font-medium">Cost</th>
                  </tr>
                </thead>
                <tbody className="divide-y divide-line tabular-nums">
                  {lines.map((line) => (
                    <tr key={`${line.day}${line.model}${line.sessionId}`}>
                      <td className="px-3 py-2">
                        {nameOf(line)}
                        <span aria-hidden className="mt-1 block h-1 rounded-full bg-sunken">
                          <span
                            className="block h-1 rounded-full bg-accent"
                            style={{ width: most > 0 ? `${(Number(line.costUsd) / most) * 100}%` : 0 }}
                          />
                        </span>
                      </td>
                      <td className="px-3 py-2 text-end">{count(line.calls)}</td>
                      <td className="px-3 py-2 text-end">{count(line.inputTokens)}</td>
                      <td className="px-3 py-2 text-end">{count(line.outputTokens)}</td>
                      <td className="px-3 py-2 text-end">{dollars(Number(line.costUsd))}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </Page>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="rounded-xl border border-line bg-surface px-4 py-3">
      <dt className="text-xs text-ink-muted">{name}</dt>
      <dd className="text-xl font-semibold tabular-nums">{value}</dd>
    </div>
  );
}
