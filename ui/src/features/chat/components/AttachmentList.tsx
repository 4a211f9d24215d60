import { FileText, X } from "lucide-react";
import type { Attachment } from "../store/draft";
import { isPicture } from "./attachments";

/** Files that go, or went, with a message. */
export function AttachmentList({
  files,
  onRemove,
}: {
  files: readonly Attachment[];
  onRemove?: (index: number) => void;
}) {
  return (
    <ul aria-label="Attachments" className="flex flex-wrap gap-2">
      {files.map((file, index) => (
        <li
          key={`${file.filename}-${index}`}
          className="relative flex max-w-56 items-center gap-2 overflow-hidden rounded-lg border border-line bg-canvas text-xs"
        >
          {isPicture(file) ? (
            <img src={file.url} alt={file.filename} className="max-h-40 min-h-10 min-w-10 object-cover" />
          ) : (
            <span className="flex min-w-0 items-center gap-2 px-2.5 py-2">
              <FileText aria-hidden className="size-4 shrink-0 text-ink-muted" />
              <span className="truncate">{file.filename}</span>
            </span>
          )}
          {onRemove && (
            <button
              type="button"
              aria-label={`Remove ${file.filename}`}
              onClick={() => onRemove(index)}
              className="me-1 flex size-6 shrink-0 items-center justify-center rounded-md text-ink-muted hover:bg-sunken hover:text-ink pointer-coarse:size-11"
            >
              <X aria-hidden className="size-3.5" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
