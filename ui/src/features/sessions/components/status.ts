import {
  CircleAlert,
  CircleCheck,
  CirclePause,
  CirclePlay,
  Hand,
  LoaderCircle,
  type LucideIcon,
  Trash2,
} from "lucide-react";
import { isStarting, type Session, type SessionStatus } from "@/lib/domain";

export interface StatusLook {
  label: string;
  Icon: LucideIcon;
  colour: string;
  spins?: boolean;
}

const STATUSES: Record<SessionStatus, StatusLook> = {
  initializing: { label: "Starting", Icon: LoaderCircle, colour: "text-accent", spins: true },
  reinitializing: { label: "Starting again", Icon: LoaderCircle, colour: "text-accent", spins: true },
  cloning: { label: "Cloning", Icon: LoaderCircle, colour: "text-accent", spins: true },
  pulling_image: { label: "Pulling image", Icon: LoaderCircle, colour: "text-accent", spins: true },
  creating_sandbox: { label: "Creating sandbox", Icon: LoaderCircle, colour: "text-accent", spins: true },
  ready: { label: "Ready", Icon: CircleCheck, colour: "text-good" },
  running: { label: "Running", Icon: CirclePlay, colour: "text-accent" },
  stopped: { label: "Stopped", Icon: CirclePause, colour: "text-ink-muted" },
  error: { label: "Error", Icon: CircleAlert, colour: "text-bad" },
  removing: { label: "Removing", Icon: Trash2, colour: "text-ink-muted" },
  removed: { label: "Removed", Icon: Trash2, colour: "text-ink-muted" },
};

/** How a session's status looks; one that waits for an answer says so before anything else. */
export function statusLook(status: SessionStatus, needsAnswer = false): StatusLook {
  if (needsAnswer) {
    return { label: "Needs you", Icon: Hand, colour: "text-warn" };
  }
  return STATUSES[status] ?? { label: status, Icon: CircleAlert, colour: "text-ink-muted" };
}

export const GROUPS = ["Needs attention", "Running", "Starting", "Ready", "Stopped"] as const;

export function groupOf(session: Session, needsAnswer: boolean): (typeof GROUPS)[number] {
  if (needsAnswer || session.status === "error") return "Needs attention";
  if (session.status === "running") return "Running";
  if (isStarting(session.status)) return "Starting";
  return session.status === "ready" ? "Ready" : "Stopped";
}
