import { CopyButton } from "./CopyButton";
import { Notice } from "./Notice";

/** A secret that the server tells this one time. */
export function ShownOnce({ label, secret }: { label: string; secret: string }) {
  return (
    <Notice tone="good" title={`${label}: shown only now`} className="mb-3">
      <span className="flex items-center gap-2">
        <code className="min-w-0 flex-1 font-mono text-xs break-all text-ink">{secret}</code>
        <CopyButton text={secret} label={`Copy ${label.toLowerCase()}`} />
      </span>
    </Notice>
  );
}
