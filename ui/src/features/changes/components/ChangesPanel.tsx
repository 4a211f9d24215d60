import { FileDiff as FileDiffIcon, GitMerge, RefreshCw } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import useSWR from "swr";
import { Button, IconButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ProblemNotice } from "@/components/Notice";
import { sessionOf } from "@/lib/events";
import { plural } from "@/lib/format";
import { useAction } from "@/lib/use-action";
import { useProjectEvents } from "@/lib/use-project-events";
import { getDiff } from "../api/get-diff";
import { getFileDiff } from "../api/get-file-diff";
import { rowsOf } from "../diff/rows";
import { ApplyDialog } from "./ApplyDialog";
import { DiffViewer, type DiffViewerHandle } from "./DiffViewer";
import { FileList } from "./FileList";

interface ChangesPanelProps {
  project: string;
  session: string;
  /** Moves when a turn ended: there may be new changes. */
  revision: number;
  suggestedMessage: string;
}

/** What the session changed since its base, and the way of it into the workspace. */
export function ChangesPanel({ project, session, revision, suggestedMessage }: ChangesPanelProps) {
  const diff = useSWR(["diff", project, session, revision], () => getDiff(project, session), {
    keepPreviousData: true,
  });
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [loaded, setLoaded] = useState<Record<string, string>>({});
  const [applying, setApplying] = useState(false);
  const viewer = useRef<DiffViewerHandle>(null);
  const loading = useAction(async (path: string) => {
    const file = await getFileDiff(project, session, path);
    setLoaded((before) => ({ ...before, [path]: file.patch ?? "" }));
  });
  useProjectEvents((event) => {
    const ofThis = sessionOf(event) === session && /^(turn_finished|session_applied)$/.test(event.type);
    if (ofThis || event.type === "gap") void diff.mutate();
  });

  const files = useMemo(
    () =>
      (diff.data?.files ?? []).map((file) =>
        file.patch == null && file.path in loaded ? { ...file, patch: loaded[file.path] } : file,
      ),
    [diff.data, loaded],
  );
  const layout = useMemo(() => rowsOf(files, collapsed), [files, collapsed]);
  const additions = layout.files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = layout.files.reduce((sum, file) => sum + file.deletions, 0);
  const toggle = (path: string) =>
    setCollapsed((before) => {
      const next = new Set(before);
      if (!next.delete(path)) next.add(path);
      return next;
    });

  return (
    <section aria-label="Changes" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-3">
        <p className="min-w-0 flex-1 truncate text-sm">
          {diff.data ? plural(files.length, "file") : "Reading…"}
          {files.length > 0 && (
            <span className="ps-2 font-mono text-xs">
              <span className="text-good">+{additions}</span> <span className="text-bad">−{deletions}</span>
            </span>
          )}
        </p>
        <IconButton label="Refresh changes" onClick={() => void diff.mutate()} disabled={diff.isValidating}>
          <RefreshCw aria-hidden className={diff.isValidating ? "size-4 animate-spin" : "size-4"} />
        </IconButton>
        <Button
          look="primary"
          size="small"
          disabled={files.length === 0}
          icon={<GitMerge aria-hidden className="size-3.5" />}
          onClick={() => setApplying(true)}
        >
          Apply
        </Button>
      </div>
      {diff.error && <ProblemNotice error={diff.error} className="m-3" />}
      {loading.error !== null && <ProblemNotice error={loading.error} className="m-3" />}
      {diff.data && files.length === 0 && (
        <EmptyState icon={<FileDiffIcon aria-hidden className="size-5" />} title="No changes yet">
          When a turn ends, what the agent changed is committed to the session's branch and shown here.
        </EmptyState>
      )}
      {files.length > 0 && (
        <>
          <FileList files={layout.files} onOpen={(row) => viewer.current?.scrollToRow(row)} />
          <div className="@container flex min-h-0 flex-1 flex-col">
            <DiffViewer
              layout={layout}
              handle={viewer}
              onToggle={toggle}
              onLoad={(path) => loading.run(path)}
            />
          </div>
        </>
      )}
      {applying && (
        <ApplyDialog
          project={project}
          session={session}
          suggestedMessage={suggestedMessage}
          fileCount={files.length}
          onClose={() => {
            setApplying(false);
            void diff.mutate();
          }}
        />
      )}
    </section>
  );
}
