import { CheckCircle2, Circle, CircleDot } from "lucide-react";

interface Entry {
  content: string;
  status: string;
}

/** The agent's plan, replaced as a whole whenever it changes. */
export function PlanCard({ data }: { data: unknown }) {
  const entries = entriesOf(data);
  if (entries.length === 0) {
    return null;
  }
  const done = entries.filter((entry) => entry.status === "completed").length;
  return (
    <section aria-label="Plan" className="rounded-xl border border-line bg-surface px-3.5 py-2.5">
      <p className="mb-1.5 text-xs font-medium text-ink-muted">
        Plan · {done} of {entries.length} done
      </p>
      <ol className="space-y-1 text-sm">
        {entries.map((entry) => (
          <li key={entry.content} className="flex items-start gap-2">
            <Mark status={entry.status} />
            <span className={entry.status === "completed" ? "text-ink-muted line-through" : ""}>
              {entry.content}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Mark({ status }: { status: string }) {
  if (status === "completed")
    return <CheckCircle2 role="img" aria-label="done" className="mt-0.5 size-4 shrink-0 text-good" />;
  if (status === "in_progress")
    return <CircleDot role="img" aria-label="in progress" className="mt-0.5 size-4 shrink-0 text-accent" />;
  return <Circle role="img" aria-label="to do" className="mt-0.5 size-4 shrink-0 text-ink-muted" />;
}

function entriesOf(data: unknown): Entry[] {
  const list = Array.isArray(data) ? data : (data as { entries?: unknown } | null)?.entries;
  return Array.isArray(list)
    ? list.map((each) => ({
        content: String(each?.content ?? ""),
        status: String(each?.status ?? "pending"),
      }))
    : [];
}
