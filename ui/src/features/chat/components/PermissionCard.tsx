import { CheckCircle2, CircleSlash, Hand } from "lucide-react";
import type { DataPart } from "../store/types";
import { useChatContext } from "./chat-context";
import { EditPreview } from "./EditPreview";
import { RequestOptions } from "./RequestOptions";
import { requestOf } from "./requests";
import { diffsIn } from "./tool-text";

/** A question of the agent in the transcript: what it wants to do, the options, and later what was chosen. */
export function PermissionCard({ part, turnOpen }: { part: DataPart; turnOpen: boolean }) {
  const { answered } = useChatContext();
  const request = requestOf(part);
  const answer = request.answer ?? answered[request.requestId] ?? null;
  const open = turnOpen && answer === null;
  const chosen = request.options.find((option) => option.optionId === answer);
  return (
    <section
      aria-label="Permission request"
      role={open ? "alert" : undefined}
      className={
        open
          ? "rounded-xl border border-warn/50 bg-warn-soft px-4 py-3"
          : "rounded-xl border border-line bg-surface px-4 py-2.5"
      }
    >
      <p className="flex items-start gap-2 font-medium">
        <Hand
          aria-hidden
          className={open ? "mt-0.5 size-4 shrink-0 text-warn" : "mt-0.5 size-4 shrink-0 text-ink-muted"}
        />
        <span className="[overflow-wrap:anywhere]">{request.title}</span>
      </p>
      {request.detail && request.detail !== request.title && (
        <pre className="mt-2 max-h-48 overflow-auto rounded-lg border border-line bg-canvas p-2.5 font-mono text-xs whitespace-pre-wrap">
          {request.detail}
        </pre>
      )}
      {open &&
        diffsIn(part.data).map((diff) => (
          <div key={diff.path} className="mt-2 rounded-lg bg-canvas">
            <EditPreview diff={diff} />
          </div>
        ))}
      {open ? (
        <RequestOptions request={request} className="mt-3" />
      ) : (
        <p className="mt-1 flex items-center gap-1.5 ps-6 text-sm text-ink-muted">
          {answer && answer !== "cancelled" ? (
            <CheckCircle2 aria-hidden className="size-4" />
          ) : (
            <CircleSlash aria-hidden className="size-4" />
          )}
          {chosen
            ? `Answered: ${chosen.name}`
            : answer
              ? `Settled: ${answer}`
              : "Not answered before the turn ended"}
        </p>
      )}
    </section>
  );
}
