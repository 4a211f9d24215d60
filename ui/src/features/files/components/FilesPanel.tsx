import { Eye, EyeOff, File, Folder, FolderDown, FolderTree, RefreshCw, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import useSWR from "swr";
import { IconButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ProblemNotice } from "@/components/Notice";
import { archiveAddress } from "../api/archive-address";
import { searchFiles } from "../api/search-files";
import { useTree } from "../tree/use-tree";
import { FileTree } from "./FileTree";
import { FileView } from "./FileView";

const RESULTS = 50;

interface FilesPanelProps {
  project: string;
  session: string;
  /** Moves when a turn ended: files may have changed. */
  revision: number;
  sandbox: "starting" | "up" | "asleep";
  resume?: ReactNode;
  /** The file that is looked at; the address keeps it. */
  file: string | null;
  onFile: (path: string | null) => void;
}

/** The files of the session's sandbox as they are now. */
export function FilesPanel({ sandbox, resume, ...rest }: FilesPanelProps) {
  if (sandbox !== "up") {
    return (
      <EmptyState
        icon={<FolderTree aria-hidden className="size-5" />}
        title={sandbox === "starting" ? "The sandbox is starting" : "The sandbox is stopped"}
        action={sandbox === "asleep" ? resume : undefined}
      >
        Its files can be read while it runs. What the agent changed is under Changes at any time.
      </EmptyState>
    );
  }
  return <Files {...rest} />;
}

function Files({ project, session, revision, file, onFile }: Omit<FilesPanelProps, "sandbox" | "resume">) {
  const [hidden, setHidden] = useState(false);
  const [typed, setTyped] = useState("");
  const tree = useTree(project, session, hidden, revision);
  const query = typed.trim();
  const found = useSWR(
    query ? ["file-search", project, session, query] : null,
    () => searchFiles(project, session, query, RESULTS),
    { keepPreviousData: true },
  );
  if (file) {
    return (
      <FileView
        key={file}
        project={project}
        session={session}
        path={file}
        revision={revision}
        onBack={() => onFile(null)}
      />
    );
  }
  return (
    <section aria-label="Files" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-2">
        <div className="relative min-w-0 flex-1">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-muted"
          />
          <input
            type="search"
            aria-label="Find files"
            placeholder="Find files"
            value={typed}
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
            className="h-8 w-full rounded-lg border border-line bg-canvas ps-8 pe-2 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
          />
        </div>
        <IconButton
          label={hidden ? "Hide names that begin with a dot" : "Show names that begin with a dot"}
          aria-pressed={hidden}
          onClick={() => setHidden(!hidden)}
        >
          {hidden ? <Eye aria-hidden className="size-4" /> : <EyeOff aria-hidden className="size-4" />}
        </IconButton>
        <IconButton label="Refresh files" onClick={() => void tree.refresh()}>
          <RefreshCw aria-hidden className="size-4" />
        </IconButton>
        <a
          href={archiveAddress(project, session)}
          download
          title="Download all files"
          aria-label="Download all files"
          className="inline-flex size-8 items-center justify-center rounded-lg text-ink-muted hover:bg-sunken hover:text-ink pointer-coarse:size-11"
        >
          <FolderDown aria-hidden className="size-4" />
        </a>
      </div>
      {query ? (
        <Results found={found.data} error={found.error} onOpen={onFile} />
      ) : tree.error === null ? (
        <FileTree rows={tree.rows} onToggle={tree.toggle} onOpen={onFile} />
      ) : (
        <ProblemNotice error={tree.error} className="m-3" />
      )}
    </section>
  );
}

function Results({
  found,
  error,
  onOpen,
}: {
  found: { path: string; type: string }[] | undefined;
  error: unknown;
  onOpen: (path: string) => void;
}) {
  if (error) {
    return <ProblemNotice error={error} className="m-3" />;
  }
  if (found?.length === 0) {
    return <p className="p-4 text-sm text-ink-muted">No file matches.</p>;
  }
  return (
    <ul aria-label="Files found" className="min-h-0 flex-1 overflow-y-auto py-1">
      {found?.map(({ path, type }) => {
        const Icon = type === "directory" ? Folder : File;
        return (
          <li key={path}>
            <button
              type="button"
              disabled={type === "directory"}
              onClick={() => onOpen(path)}
              className="flex h-8 w-full items-center gap-2 px-3 text-start font-mono text-xs hover:bg-sunken focus-visible:outline-offset-[-2px] disabled:text-ink-muted pointer-coarse:h-11"
            >
              <Icon aria-hidden className="size-4 shrink-0 text-ink-muted" />
              <span className="truncate">{path}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
