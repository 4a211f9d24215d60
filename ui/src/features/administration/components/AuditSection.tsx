import { Download } from "lucide-react";
import { useState } from "react";
import useSWRInfinite from "swr/infinite";
import { Button } from "@/components/Button";
import { ProblemNotice } from "@/components/Notice";
import { Badge, Section } from "@/components/Section";
import { AUDIT_EXPORT, type AuditPage, getAudit } from "../api/audit";

const when = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

/** Who did what, from where, and what came of it. */
export function AuditSection() {
  const [outcome, setOutcome] = useState("");
  const audit = useSWRInfinite(
    (page: number, before: AuditPage | null) =>
      page > 0 && !before?.nextCursor ? null : ["audit", outcome, before?.nextCursor ?? null],
    ([, wanted, cursor]: [string, string, string | null]) => getAudit(wanted, cursor),
    { shouldRetryOnError: false, revalidateFirstPage: false },
  );
  const entries = audit.data?.flatMap((page) => page.entries) ?? [];
  return (
    <Section
      title="Audit log"
      description="Every change, and every one that was refused."
      action={
        <>
          <select
            aria-label="Outcome"
            value={outcome}
            onChange={(event) => setOutcome(event.target.value)}
            className="h-8 rounded-lg border border-line-strong bg-canvas px-2 text-xs pointer-coarse:h-11"
          >
            <option value="">All</option>
            <option value="done">Done</option>
            <option value="refused">Refused</option>
            <option value="failed">Failed</option>
          </select>
          <a
            href={AUDIT_EXPORT}
            download="audit.ndjson"
            className="inline-flex h-8 items-center gap-1.5 rounded-lg border border-line-strong px-3 text-xs font-medium hover:bg-sunken pointer-coarse:h-11"
          >
            <Download aria-hidden className="size-3.5" /> Export
          </a>
        </>
      }
    >
      {audit.error && <ProblemNotice error={audit.error} />}
      <div
        role="region"
        aria-label="Entries"
        tabIndex={0}
        className="overflow-x-auto rounded-xl border border-line"
      >
        <table className="w-full text-xs">
          <thead className="bg-surface text-ink-muted">
            <tr>
              {["Time", "Who", "What", "From", "Outcome"].map((name) => (
                <th key={name} className="px-3 py-2 text-start font-medium">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {entries.map((entry) => (
              <tr key={entry.id}>
                <td className="px-3 py-2 whitespace-nowrap tabular-nums">
                  {when.format(new Date(entry.at))}
                </td>
                <td className="px-3 py-2">{entry.actorName ?? "nobody"}</td>
                <td className="px-3 py-2 [overflow-wrap:anywhere]">
                  {entry.action} <code className="font-mono">{entry.target}</code>
                </td>
                <td className="px-3 py-2">{entry.address}</td>
                <td className="px-3 py-2">
                  <Badge bad={entry.outcome !== "done"}>
                    {entry.outcome}
                    {entry.status ? ` ${entry.status}` : ""}
                  </Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {audit.data?.at(-1)?.nextCursor && (
        <Button
          size="small"
          className="mt-3"
          busy={audit.isValidating}
          onClick={() => void audit.setSize(audit.size + 1)}
        >
          Show earlier
        </Button>
      )}
    </Section>
  );
}
