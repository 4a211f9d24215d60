import { clsx } from "clsx";
import { MessageSquareText } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { ProblemNotice } from "@/components/Notice";
import { Chat } from "@/features/chat/components/Chat";
import { listFiles } from "@/features/files/api/list-files";
import { searchFiles } from "@/features/files/api/search-files";
import { SessionNotice } from "@/features/sessions/components/SessionNotice";
import { sessionTitle } from "@/lib/domain";
import { MobileBar } from "./MobileBar";
import { PANELS, panelOf } from "./panels";
import type { Panel } from "./paths";
import { useSession } from "./project-data";
import { SessionHeader } from "./SessionHeader";
import { SessionPanel } from "./SessionPanel";

/** Files that are offered behind an @. */
const MENTIONS = 10;

const TABS = [{ panel: null, label: "Chat", Icon: MessageSquareText }, ...PANELS];

/** A session: its conversation, and beside it (on a narrow screen instead of it) its changes, files, terminal, previews or egress. */
export function SessionScreen() {
  const { project = "", session: id = "" } = useParams();
  const [query, setQuery] = useSearchParams();
  const session = useSession(project, id);
  const [revision, setRevision] = useState(0);
  const panel = panelOf(query.get("panel"));
  const setPanel = (next: Panel | null) => setQuery(next ? { panel: next } : {}, { replace: true });
  const onTurnEnded = useCallback(() => setRevision((before) => before + 1), []);
  const findFiles = useCallback(
    async (query: string) => {
      const found = query
        ? await searchFiles(project, id, query, MENTIONS)
        : await listFiles(project, id, "", false);
      return found.map((each) => ("path" in each ? each.path : each.name));
    },
    [project, id],
  );
  const title = session.data ? sessionTitle(session.data) : "Session";

  useEffect(() => {
    document.title = `${title} · Slipway`;
    return () => {
      document.title = "Slipway";
    };
  }, [title]);

  if (!session.data) {
    return (
      <>
        <MobileBar title="Session" />
        {session.error && <ProblemNotice error={session.error} className="m-4" />}
      </>
    );
  }
  const gone = session.data.status === "removing" || session.data.status === "removed";
  return (
    <>
      <SessionHeader
        project={project}
        session={session.data}
        panel={panel}
        onPanel={setPanel}
        onChanged={() => void session.mutate()}
      />
      <div className="flex min-h-0 flex-1">
        <div className={clsx("flex min-w-0 flex-1 flex-col", panel && "max-lg:hidden")}>
          <Chat
            key={id}
            project={project}
            session={id}
            notice={
              <SessionNotice
                project={project}
                session={session.data}
                onChanged={() => void session.mutate()}
              />
            }
            disabledReason={gone ? "This session is being removed" : null}
            onTurnEnded={onTurnEnded}
            findFiles={findFiles}
          />
        </div>
        {panel && (
          <aside
            aria-label={PANELS.find((each) => each.panel === panel)?.label}
            className="flex min-w-0 flex-col border-s border-line bg-canvas max-lg:flex-1 max-lg:border-s-0 lg:w-[44%] lg:max-w-3xl lg:min-w-96"
          >
            <SessionPanel
              key={`${id}-${panel}`}
              panel={panel}
              project={project}
              session={session.data}
              revision={revision}
              onChanged={() => void session.mutate()}
              file={query.get("file")}
              onFile={(file) => setQuery({ panel, ...(file ? { file } : {}) })}
            />
          </aside>
        )}
      </div>
      <nav
        aria-label="Views of the session"
        className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
      >
        {TABS.map(({ panel: target, label, Icon }) => (
          <button
            key={label}
            type="button"
            aria-pressed={panel === target}
            onClick={() => setPanel(target)}
            className={clsx(
              "flex h-13 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[11px] font-medium focus-visible:outline-offset-[-3px]",
              panel === target ? "text-accent" : "text-ink-muted",
            )}
          >
            <Icon aria-hidden className="size-5" />
            {label}
          </button>
        ))}
      </nav>
    </>
  );
}
