import type { ReactNode } from "react";

/** A page of settings: a heading, what it is for, and its content. */
export function Page({
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
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-3xl px-4 py-8 sm:px-6">
        <div className="mb-6 flex flex-wrap items-start gap-4">
          <div className="min-w-0 flex-1">
            <h1 className="text-xl font-semibold">{title}</h1>
            {description && <p className="mt-1 max-w-xl text-ink-muted">{description}</p>}
          </div>
          {action}
        </div>
        {children}
      </div>
    </div>
  );
}
