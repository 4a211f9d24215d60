import { ArrowLeft, Download, FileQuestion, Pencil } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import { Button, IconButton } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import { EmptyState } from "@/components/EmptyState";
import { Notice, ProblemNotice } from "@/components/Notice";
import { bytes } from "@/lib/format";
import { useAction } from "@/lib/use-action";
import { type FileContent, readFile } from "../api/read-file";
import { writeFile } from "../api/write-file";
import { CodeLines } from "./CodeLines";
import { imageType, saveAs } from "./contents";

interface FileViewProps {
  project: string;
  session: string;
  path: string;
  revision: number;
  onBack: () => void;
}

/** One file: its text with colours, its picture, or that it is neither. It can be edited and downloaded. */
export function FileView({ project, session, path, revision, onBack }: FileViewProps) {
  const file = useSWR(["file", project, session, path, revision], () => readFile(project, session, path), {
    keepPreviousData: true,
    revalidateOnFocus: false,
    errorRetryCount: 0,
  });
  const [draft, setDraft] = useState<string | null>(null);
  const [base, setBase] = useState<string | null>(null);
  const save = useAction(async () => {
    if (draft === null) return;
    await writeFile(project, session, path, draft);
    setDraft(null);
    await file.mutate();
  });
  const content = file.data?.path === path ? file.data : undefined;
  const changedMeanwhile = draft !== null && content !== undefined && content.content !== base;
  const leave = () => {
    if (draft === null || draft === base || window.confirm("Leave without saving?")) onBack();
  };
  return (
    <section aria-label={path} className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-2">
        <IconButton label="Back to all files" onClick={leave}>
          <ArrowLeft aria-hidden className="size-4" />
        </IconButton>
        <p className="min-w-0 flex-1 truncate text-left font-mono text-xs" title={path} dir="rtl">
          <bdi dir="ltr">{path}</bdi>
        </p>
        {content && <span className="text-xs whitespace-nowrap text-ink-muted">{bytes(content.size)}</span>}
        {content && draft === null && (
          <>
            {content.encoding === "utf8" && <CopyButton text={content.content} label="Copy the text" />}
            {content.encoding === "utf8" && (
              <IconButton
                label="Edit"
                onClick={() => {
                  setBase(content.content);
                  setDraft(content.content);
                }}
              >
                <Pencil aria-hidden className="size-4" />
              </IconButton>
            )}
            <IconButton label="Download" onClick={() => saveAs(content)}>
              <Download aria-hidden className="size-4" />
            </IconButton>
          </>
        )}
        {draft !== null && (
          <>
            <Button size="small" onClick={() => setDraft(null)}>
              Cancel
            </Button>
            <Button size="small" look="primary" busy={save.busy} onClick={() => save.run()}>
              Save
            </Button>
          </>
        )}
      </div>
      {file.error && <ProblemNotice error={file.error} className="m-3" />}
      {save.error !== null && <ProblemNotice error={save.error} className="m-3" />}
      {changedMeanwhile && (
        <Notice tone="warn" className="m-3">
          The file changed since you began to edit. Saving replaces it.
        </Notice>
      )}
      {!content && !file.error && <p className="p-4 text-sm text-ink-muted">Reading…</p>}
      {content && draft === null && <Content file={content} />}
      {draft !== null && (
        <textarea
          aria-label={`Edit ${path}`}
          value={draft}
          spellCheck={false}
          onChange={(event) => setDraft(event.target.value)}
          className="min-h-0 flex-1 resize-none bg-canvas p-3 font-mono text-xs leading-5 outline-none [tab-size:4] pointer-coarse:text-base"
        />
      )}
    </section>
  );
}

function Content({ file }: { file: FileContent }) {
  if (file.encoding === "utf8") {
    return file.content ? (
      <CodeLines path={file.path} text={file.content} />
    ) : (
      <EmptyState title="The file is empty" />
    );
  }
  const image = imageType(file.path);
  if (image) {
    return (
      <div className="min-h-0 flex-1 overflow-auto p-4">
        <img src={`data:${image};base64,${file.content}`} alt={file.path} className="max-w-full" />
      </div>
    );
  }
  return (
    <EmptyState icon={<FileQuestion aria-hidden className="size-5" />} title="Not a text">
      {bytes(file.size)} of binary data. Download it to look at it.
    </EmptyState>
  );
}
