import { clsx } from "clsx";
import { NavLink } from "react-router";
import { StatusBadge } from "@/features/sessions/components/StatusBadge";
import { type Session, sessionTitle } from "@/lib/domain";
import { ago } from "@/lib/format";
import { sessionPath } from "./paths";

export function SessionLink({
  project,
  session,
  needsAnswer,
}: {
  project: string;
  session: Session;
  needsAnswer: boolean;
}) {
  return (
    <li>
      <NavLink
        to={sessionPath(project, session.workspaceId, session.id)}
        className={({ isActive }) =>
          clsx(
            "block rounded-lg px-2.5 py-1.5 focus-visible:outline-offset-[-2px] pointer-coarse:py-2.5",
            isActive ? "bg-accent-soft" : "hover:bg-sunken",
            session.status === "removing" && "opacity-60",
          )
        }
      >
        <span className="block truncate text-sm">{sessionTitle(session)}</span>
        <span className="flex items-center justify-between gap-2">
          <StatusBadge status={session.status} needsAnswer={needsAnswer} />
          <span className="text-xs text-ink-muted">{ago(session.lastActivityAt ?? session.createdAt)}</span>
        </span>
      </NavLink>
    </li>
  );
}
