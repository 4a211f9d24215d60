import { Play } from "lucide-react";
import { Button } from "@/components/Button";
import { ChangesPanel } from "@/features/changes/components/ChangesPanel";
import { EgressPanel } from "@/features/egress/components/EgressPanel";
import { FilesPanel } from "@/features/files/components/FilesPanel";
import { PreviewsPanel } from "@/features/previews/components/PreviewsPanel";
import { resumeSession } from "@/features/sessions/api/resume-session";
import { TerminalPanel } from "@/features/terminal/components/TerminalPanel";
import { isStarting, type Session, type SessionStatus, sessionTitle } from "@/lib/domain";
import { useAction } from "@/lib/use-action";
import type { Panel } from "./paths";

interface SessionPanelProps {
  panel: Panel;
  project: string;
  session: Session;
  /** Moves when a turn ended. */
  revision: number;
  onChanged: () => void;
  /** The file that the files panel shows. */
  file: string | null;
  onFile: (path: string | null) => void;
}

/** The panel beside the conversation. */
export function SessionPanel(props: SessionPanelProps) {
  const { panel, project, session, revision, onChanged, file, onFile } = props;
  const resume = useAction(async () => {
    await resumeSession(project, session.id);
    onChanged();
  });
  const resumeButton = (
    <Button
      busy={resume.busy}
      icon={<Play aria-hidden className="size-4" />}
      disabled={session.status === "removing"}
      onClick={() => resume.run()}
    >
      Start the sandbox
    </Button>
  );
  const common = { project, session: session.id };
  switch (panel) {
    case "changes":
      return <ChangesPanel {...common} revision={revision} suggestedMessage={sessionTitle(session)} />;
    case "files":
      return (
        <FilesPanel
          {...common}
          revision={revision}
          sandbox={sandboxOf(session.status)}
          resume={resumeButton}
          file={file}
          onFile={onFile}
        />
      );
    case "previews":
      return <PreviewsPanel {...common} sandbox={sandboxOf(session.status)} resume={resumeButton} />;
    case "terminal":
      return <TerminalPanel {...common} sandbox={sandboxOf(session.status)} resume={resumeButton} />;
    case "egress":
      return <EgressPanel {...common} />;
  }
}

function sandboxOf(status: SessionStatus): "starting" | "up" | "asleep" {
  if (isStarting(status)) return "starting";
  return status === "ready" || status === "running" ? "up" : "asleep";
}
