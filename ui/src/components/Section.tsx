import type { ReactNode } from "react";

/** A part of a settings page: a heading, what it is for, and its content. */
export function Section({
  title,
  description,
  action,
  children,
}: {
  title: string;
  description?: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={title} className="mb-10">
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">{title}</h2>
          {description && <p className="text-sm text-ink-muted">{description}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}

/** A framed list of rows. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="divide-y divide-line rounded-xl border border-line bg-raised">
      {children}
    </ul>
  );
}

export function Row({
  title,
  detail,
  children,
}: {
  title: ReactNode;
  detail?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-x-2 font-medium [overflow-wrap:anywhere]">{title}</p>
        {detail && <p className="text-xs text-ink-muted [overflow-wrap:anywhere]">{detail}</p>}
      </div>
      {children}
    </li>
  );
}

export function Badge({ children, bad }: { children: ReactNode; bad?: boolean }) {
  return (
    <span
      className={
        bad
          ? "rounded-full bg-bad-soft px-2 py-0.5 text-xs font-normal text-bad"
          : "rounded-full bg-sunken px-2 py-0.5 text-xs font-normal text-ink-muted"
      }
    >
      {children}
    </span>
  );
}
