import { clsx } from "clsx";
import { useState } from "react";
import { Button } from "@/components/Button";
import { ProblemNotice } from "@/components/Notice";
import { ProblemError } from "@/lib/http";
import { useAction } from "@/lib/use-action";
import { answerRequest } from "../api/answer-request";
import { useChatContext } from "./chat-context";
import type { AgentRequest } from "./requests";

export function RequestOptions({ request, className }: { request: AgentRequest; className?: string }) {
  const { project, session, onAnswered } = useChatContext();
  const [always, setAlways] = useState(false);
  const { run, busy, error } = useAction(async (optionId: string) => {
    try {
      await answerRequest(project, session, request.requestId, { optionId, ...(always ? { always } : {}) });
    } catch (cause) {
      // Somebody else was faster; the stream will say what they chose.
      if (!(cause instanceof ProblemError && cause.problem.status === 409)) throw cause;
    }
    onAnswered(request.requestId, optionId);
  });
  return (
    <div className={className}>
      <div className="flex flex-wrap gap-2">
        {request.options.map((option, index) => (
          <Button
            key={option.optionId}
            size="small"
            look={
              option.kind.startsWith("allow") && index === 0
                ? "primary"
                : option.kind.startsWith("reject")
                  ? "danger"
                  : "secondary"
            }
            disabled={busy}
            onClick={() => run(option.optionId)}
            aria-keyshortcuts={String(index + 1)}
          >
            {option.name}
            <kbd className={clsx("hidden font-mono text-[10px] opacity-70 sm:inline")}>{index + 1}</kbd>
          </Button>
        ))}
      </div>
      {request.repeatable && (
        <label className="mt-2.5 flex w-fit items-center gap-2 text-xs pointer-coarse:min-h-11">
          <input
            type="checkbox"
            checked={always}
            onChange={(event) => setAlways(event.target.checked)}
            className="accent-accent"
          />
          Always for this tool in this session
        </label>
      )}
      {error !== null && <ProblemNotice error={error} className="mt-2" />}
    </div>
  );
}
