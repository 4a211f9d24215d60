import { CircleArrowUp, LoaderCircle, Play } from "lucide-react";
import { Button } from "@/components/Button";
import { Notice, ProblemNotice } from "@/components/Notice";
import { isStarting, type Session } from "@/lib/domain";
import { useAction } from "@/lib/use-action";
import { resumeSession } from "../api/resume-session";
import { upgradeSession } from "../api/upgrade-session";
import { statusLook } from "./status";

/** What stands between the user and the agent right now: starting, stopped, failed, going away; or a newer image. Else nothing. */
export function SessionNotice({
  project,
  session,
  onChanged,
}: {
  project: string;
  session: Session;
  onChanged: () => void;
}) {
  const resume = useAction(async () => {
    await resumeSession(project, session.id);
    onChanged();
  });
  const upgrade = useAction(async () => {
    await upgradeSession(project, session.id);
    onChanged();
  });
  if (upgrade.error !== null) {
    return <ProblemNotice error={upgrade.error} />;
  }
  if (resume.error !== null) {
    return (
      <ProblemNotice
        error={resume.error}
        action={
          <Button size="small" onClick={() => resume.run()}>
            Try again
          </Button>
        }
      />
    );
  }
  if (isStarting(session.status)) {
    return <Starting session={session} />;
  }
  const again = (label: string) => (
    <Button
      size="small"
      busy={resume.busy}
      icon={<Play aria-hidden className="size-3.5" />}
      onClick={() => resume.run()}
    >
      {label}
    </Button>
  );
  switch (session.status) {
    case "stopped":
      return (
        <Notice title="The sandbox is stopped" action={again("Resume")}>
          Files and conversation are kept. A message starts it again.
        </Notice>
      );
    case "error":
      return (
        <Notice tone="bad" title="The session failed" action={again("Start again")}>
          {session.errorMessage || "No reason was given; see the server's log."}
        </Notice>
      );
    case "removing":
    case "removed":
      return <Notice tone="warn">This session is being removed.</Notice>;
    case "ready":
      return session.updateAvailable ? (
        <Notice
          title="A newer sandbox image is available"
          action={
            <Button
              size="small"
              busy={upgrade.busy}
              icon={<CircleArrowUp aria-hidden className="size-3.5" />}
              onClick={() => upgrade.run()}
            >
              Upgrade
            </Button>
          }
        >
          Files and conversation are kept.
        </Notice>
      ) : null;
    default:
      return null;
  }
}

function Starting({ session }: { session: Session }) {
  const { message, progress } = session.statusDetail ?? {};
  const known = typeof progress === "number";
  return (
    <div role="status" className="rounded-xl border border-line bg-surface px-3.5 py-2.5">
      <p className="flex items-center gap-2 text-sm">
        <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-accent" />
        <span className="font-medium">{statusLook(session.status).label}</span>
        <span className="min-w-0 truncate text-ink-muted">{message}</span>
        {known && (
          <span className="ms-auto text-xs text-ink-muted tabular-nums">{Math.round(progress)} %</span>
        )}
      </p>
      {known && (
        <progress
          max={100}
          value={progress}
          aria-label="Progress"
          className="mt-2 block h-1 w-full appearance-none overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-all"
        />
      )}
    </div>
  );
}
