import { AppWindow, ExternalLink, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import useSWR from "swr";
import { IconButton } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import { EmptyState } from "@/components/EmptyState";
import { ProblemNotice } from "@/components/Notice";
import { isMissing } from "@/lib/http";
import { getServices, portOf, previewAddress, type Service } from "../api/get-services";

/** While the panel is open: a server that an agent starts shows up by itself. */
const REFRESH = 4_000;

interface PreviewsPanelProps {
  project: string;
  session: string;
  sandbox: "starting" | "up" | "asleep";
  resume?: ReactNode;
}

/** The web servers that run in the sandbox, to be opened in a tab of their own. */
export function PreviewsPanel({ project, session, sandbox, resume }: PreviewsPanelProps) {
  const services = useSWR(
    sandbox === "up" ? ["services", project, session] : null,
    () => getServices(project, session),
    { refreshInterval: REFRESH },
  );
  if (sandbox !== "up") {
    return (
      <EmptyState
        icon={<AppWindow aria-hidden className="size-5" />}
        title={sandbox === "starting" ? "The sandbox is starting" : "The sandbox is stopped"}
        action={sandbox === "asleep" ? resume : undefined}
      >
        Web servers in it can be opened while it runs.
      </EmptyState>
    );
  }
  return (
    <section aria-label="Previews" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-3">
        <p className="min-w-0 flex-1 truncate text-sm">Web servers in the sandbox</p>
        <IconButton label="Refresh previews" onClick={() => void services.mutate()}>
          <RefreshCw aria-hidden className="size-4" />
        </IconButton>
      </div>
      {services.error &&
        (isMissing(services.error) ? (
          <p className="p-4 text-sm text-ink-muted">This server has no previews.</p>
        ) : (
          <ProblemNotice error={services.error} className="m-3" />
        ))}
      {services.data?.length === 0 && (
        <EmptyState icon={<AppWindow aria-hidden className="size-5" />} title="Nothing listens yet">
          Ask the agent to start the application, or start it in the terminal; its port shows up here.
        </EmptyState>
      )}
      {services.data && services.data.length > 0 && (
        <ul className="divide-y divide-line overflow-y-auto">
          {services.data.map((service) => (
            <ServiceRow key={service.id} session={session} service={service} />
          ))}
        </ul>
      )}
    </section>
  );
}

function ServiceRow({ session, service }: { session: string; service: Service }) {
  const address = previewAddress(session, service);
  const port = portOf(service);
  const { name } = service;
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <AppWindow aria-hidden className="size-5 shrink-0 text-ink-muted" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className="truncate text-xs text-ink-muted">
          {[port === null ? "no port" : `port ${port}`, service.status, service.description]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      {address && (
        <>
          <CopyButton
            text={new URL(address, window.location.href).href}
            label={`Copy the address of ${name}`}
          />
          <a
            href={address}
            target="_blank"
            rel="noopener noreferrer"
            className="inline-flex h-8 items-center gap-1.5 rounded-lg border border-line-strong bg-raised px-3 text-xs font-medium hover:bg-sunken pointer-coarse:h-11"
          >
            <ExternalLink aria-hidden className="size-3.5" />
            Open<span className="sr-only"> {name} in a new tab</span>
          </a>
        </>
      )}
    </li>
  );
}
