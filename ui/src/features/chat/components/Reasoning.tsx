import { Brain, ChevronRight } from "lucide-react";
import { Markdown } from "../markdown/Markdown";

/** What the agent thought, folded away: it is long, and rarely what the reader came for. */
export function Reasoning({ text, thinking }: { text: string; thinking: boolean }) {
  return (
    <details className="group text-sm text-ink-muted">
      <summary className="inline-flex list-none items-center gap-1.5 rounded-md py-0.5 hover:text-ink">
        <Brain aria-hidden className="size-4" />
        {thinking ? "Thinking…" : "Thought"}
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
      </summary>
      <div className="mt-1.5 border-s-2 border-line ps-3">
        <Markdown text={text} />
      </div>
    </details>
  );
}
