import { clsx } from "clsx";
import {
  Ban,
  CheckCircle2,
  ChevronRight,
  CircleAlert,
  FilePen,
  FileSearch,
  Globe,
  Hand,
  LoaderCircle,
  Terminal,
  Wrench,
} from "lucide-react";
import type { ReactNode } from "react";
import type { ToolPart } from "../store/types";
import { EditPreview } from "./EditPreview";
import { diffsOf, readable, summaryOf } from "./tool-text";

/** Text beyond this is cut in the page: a build's log may have megabytes. */
const SHOWN_MAX = 20_000;

/** One tool call: what, how it stands, and on demand its input, diff and output. */
export function ToolCard({ tool, running }: { tool: ToolPart; running: boolean }) {
  const summary = summaryOf(tool);
  const diffs = diffsOf(tool);
  const output = readable(tool.output);
  return (
    <details
      className="group overflow-hidden rounded-xl border border-line bg-surface"
      open={diffs.length > 0 || undefined}
    >
      <summary className="flex min-h-10 list-none items-center gap-2.5 px-3 py-2 text-sm hover:bg-sunken focus-visible:outline-offset-[-2px]">
        <KindIcon name={tool.toolName} />
        <span className="shrink-0 font-medium">{tool.toolName}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-xs text-ink-muted">{summary}</span>
        <State tool={tool} running={running} />
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-ink-muted transition-transform group-open:rotate-90"
        />
      </summary>
      <div className="space-y-2.5 border-t border-line bg-canvas p-3">
        {diffs.length > 0 ? (
          diffs.map((diff) => <EditPreview key={diff.path} diff={diff} />)
        ) : (
          <Block title="Input">{tool.input === undefined ? tool.inputText : readable(tool.input)}</Block>
        )}
        {tool.errorText && (
          <Block title="Error" bad>
            {tool.errorText}
          </Block>
        )}
        {output && diffs.length === 0 && (
          <Block title={tool.preliminary ? "Output so far" : "Output"}>{output}</Block>
        )}
      </div>
    </details>
  );
}

function Block({ title, bad, children }: { title: string; bad?: boolean; children: string }) {
  if (!children) {
    return null;
  }
  const cut = children.length > SHOWN_MAX;
  return (
    <div>
      <p className={clsx("mb-1 text-xs font-medium", bad ? "text-bad" : "text-ink-muted")}>{title}</p>
      <pre
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-lg border border-line bg-sunken p-2.5 font-mono text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        {cut ? children.slice(0, SHOWN_MAX) : children}
      </pre>
      {cut && <p className="mt-1 text-xs text-ink-muted">Cut after {SHOWN_MAX} characters.</p>}
    </div>
  );
}

function KindIcon({ name }: { name: string }) {
  const Icon = /bash|shell|exec|terminal|command/i.test(name)
    ? Terminal
    : /edit|write|patch|replace|create/i.test(name)
      ? FilePen
      : /fetch|web|http/i.test(name)
        ? Globe
        : /read|grep|glob|search|list|find/i.test(name)
          ? FileSearch
          : Wrench;
  return <Icon aria-hidden className="size-4 shrink-0 text-ink-muted" />;
}

function State({ tool, running }: { tool: ToolPart; running: boolean }) {
  if (tool.state === "output-error")
    return <Label tone="text-bad" icon={<CircleAlert aria-hidden className="size-4" />} text="Failed" />;
  if (tool.state === "output-denied")
    return <Label tone="text-warn" icon={<Ban aria-hidden className="size-4" />} text="Denied" />;
  if (tool.state === "output-available" && !tool.preliminary) {
    return <Label tone="text-good" icon={<CheckCircle2 aria-hidden className="size-4" />} text="Done" />;
  }
  if (!running)
    return (
      <Label
        tone="text-ink-muted"
        icon={<CircleAlert aria-hidden className="size-4" />}
        text="Did not finish"
      />
    );
  if (tool.state === "approval-requested")
    return <Label tone="text-warn" icon={<Hand aria-hidden className="size-4" />} text="Waits for you" />;
  return (
    <Label
      tone="text-accent"
      icon={<LoaderCircle aria-hidden className="size-4 animate-spin" />}
      text="Running"
    />
  );
}

function Label({ tone, icon, text }: { tone: string; icon: ReactNode; text: string }) {
  return (
    <span className={clsx("flex shrink-0 items-center gap-1 text-xs", tone)}>
      {icon}
      <span className="max-sm:sr-only">{text}</span>
    </span>
  );
}
