import { clsx } from "clsx";
import { Ban, Check, ShieldCheck } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Notice, ProblemNotice } from "@/components/Notice";
import { sessionOf } from "@/lib/events";
import { bytes, clock, plural } from "@/lib/format";
import { useAction } from "@/lib/use-action";
import { useProjectEvents } from "@/lib/use-project-events";
import { allowHost } from "../api/allow-host";
import { type EgressRecord, getEgress, isAllowed } from "../api/get-egress";

/** While the panel is open; refusals also come by event, at once. */
const REFRESH = 5_000;

type Shown = "all" | "refused";

/** What left the session's sandbox and what was refused, and the one click that lets a host through. */
export function EgressPanel({ project, session }: { project: string; session: string }) {
  const egress = useSWR(["egress", project, session], () => getEgress(project, session), {
    refreshInterval: REFRESH,
  });
  const [shown, setShown] = useState<Shown>("all");
  const [allowedNow, setAllowedNow] = useState<ReadonlySet<string>>(new Set());
  const allow = useAction(async (host: string) => {
    await allowHost(project, session, host);
    setAllowedNow((before) => new Set(before).add(host));
    await egress.mutate();
  });
  useProjectEvents((event) => {
    if (event.type === "egress_blocked" && sessionOf(event) === session) void egress.mutate();
  });

  const records = egress.data ?? [];
  const refused = refusedHosts(records).filter(({ host }) => !allowedNow.has(host));
  const rows = shown === "refused" ? records.filter((record) => !isAllowed(record)) : records;

  return (
    <section aria-label="Egress" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-3">
        <p className="min-w-0 flex-1 truncate text-sm">
          {egress.data ? plural(records.length, "request") : "Reading…"}
        </p>
        <fieldset className="flex rounded-lg border border-line bg-surface p-0.5">
          <legend className="sr-only">Which requests to show</legend>
          {(["all", "refused"] as const).map((choice) => (
            <label
              key={choice}
              className={clsx(
                "cursor-pointer rounded-md px-2.5 py-0.5 text-xs font-medium capitalize has-focus-visible:outline-2 has-focus-visible:outline-accent",
                shown === choice ? "bg-raised shadow-xs" : "text-ink-muted",
              )}
            >
              <input
                type="radio"
                name="egress-shown"
                className="sr-only"
                checked={shown === choice}
                onChange={() => setShown(choice)}
              />
              {choice}
            </label>
          ))}
        </fieldset>
      </div>
      <div
        className="min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
        tabIndex={0}
        role="region"
        aria-label="Requests"
      >
        {egress.error && <ProblemNotice error={egress.error} className="m-3" />}
        {allow.error !== null && <ProblemNotice error={allow.error} className="m-3" />}
        {refused.length > 0 && (
          <Notice tone="warn" title="Refused hosts" className="m-3">
            <ul className="mt-1.5 divide-y divide-warn/20">
              {refused.map(({ host, times, rule }) => (
                <li key={host} className="flex items-center gap-2 py-1.5">
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-mono text-xs font-semibold">{host}</span>
                    <span className="text-xs">
                      {plural(times, "time")}
                      {rule ? ` · ${rule}` : ""}
                    </span>
                  </span>
                  <Button
                    size="small"
                    disabled={allow.busy}
                    onClick={() => allow.run(host)}
                    aria-label={`Allow ${host} for this session`}
                  >
                    Allow
                  </Button>
                </li>
              ))}
            </ul>
          </Notice>
        )}
        {egress.data && records.length === 0 ? (
          <EmptyState icon={<ShieldCheck aria-hidden className="size-5" />} title="Nothing has left yet">
            The sandbox has no network. Every request goes through the proxy, and shows up here.
          </EmptyState>
        ) : (
          <ul aria-label="Requests">
            {rows.map((record) => (
              <RecordRow key={record.id} record={record} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function RecordRow({ record }: { record: EgressRecord }) {
  const allowed = isAllowed(record);
  return (
    <li className="flex items-start gap-2.5 border-b border-line px-3 py-2 text-xs">
      {allowed ? (
        <Check role="img" aria-label="allowed" className="mt-0.5 size-3.5 shrink-0 text-good" />
      ) : (
        <Ban role="img" aria-label="refused" className="mt-0.5 size-3.5 shrink-0 text-bad" />
      )}
      <div className="min-w-0 flex-1">
        <p className="font-mono [overflow-wrap:anywhere]">
          {record.method && <span className="font-semibold">{record.method} </span>}
          {record.host}
          {record.port !== 443 && record.port !== 80 && `:${record.port}`}
          <span className="text-ink-muted">{record.path}</span>
        </p>
        <p className="mt-0.5 text-ink-muted">
          {allowed
            ? [
                record.status,
                `${bytes(record.bytesUp)} up`,
                `${bytes(record.bytesDown)} down`,
                `${record.durationMillis} ms`,
              ]
                .filter(Boolean)
                .join(" · ")
            : `Refused${record.rule ? `: ${record.rule}` : ""}`}
        </p>
      </div>
      <time dateTime={record.time} className="shrink-0 text-ink-muted tabular-nums">
        {clock(record.time)}
      </time>
    </li>
  );
}

interface RefusedHost {
  host: string;
  times: number;
  rule: string | null;
}

/** Hosts whose newest request was refused, most often refused first. */
function refusedHosts(newestFirst: readonly EgressRecord[]): RefusedHost[] {
  const allowedLater = new Set<string>();
  const refused = new Map<string, RefusedHost>();
  for (const record of newestFirst) {
    const known = refused.get(record.host);
    if (known) {
      if (!isAllowed(record)) known.times++;
    } else if (isAllowed(record)) {
      allowedLater.add(record.host);
    } else if (!allowedLater.has(record.host)) {
      refused.set(record.host, { host: record.host, times: 1, rule: record.rule ?? null });
    }
  }
  return [...refused.values()].toSorted((a, b) => b.times - a.times);
}
