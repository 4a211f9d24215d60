import { clsx } from "clsx";
import { CircleAlert, CircleSlash, LoaderCircle, RotateCcw } from "lucide-react";
import { memo } from "react";
import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { Markdown } from "../markdown/Markdown";
import { draftOf } from "../store/draft";
import type { ChatMessage, Part } from "../store/types";
import { AttachmentList } from "./AttachmentList";
import { Checkpoint } from "./Checkpoint";
import { PermissionCard } from "./PermissionCard";
import { PlanCard } from "./PlanCard";
import { QuestionCard } from "./QuestionCard";
import { questionsOf } from "./questions";
import { Reasoning } from "./Reasoning";
import { openRequests } from "./requests";
import { ToolCard } from "./ToolCard";

interface MessageProps {
  message: ChatMessage;
  onRetry: (message: ChatMessage) => void;
  onDiscard: (message: ChatMessage) => void;
}

/** One message of the conversation. It renders again only when it changed. */
export const MessageView = memo(function MessageView(props: MessageProps) {
  return props.message.role === "user" ? (
    <UserMessage {...props} />
  ) : (
    <AgentMessage message={props.message} />
  );
});

function UserMessage({ message, onRetry, onDiscard }: MessageProps) {
  const { text, files = [] } = draftOf(message);
  return (
    <article aria-label="You" className="flex flex-col items-end gap-1.5">
      {files.length > 0 && <AttachmentList files={files} />}
      {text && (
        <div
          className={clsx(
            "max-w-[85%] rounded-2xl rounded-ee-md border border-accent/15 bg-accent-soft px-4 py-2.5 whitespace-pre-wrap [overflow-wrap:anywhere]",
            message.status === "sending" && "opacity-70",
          )}
        >
          {text}
        </div>
      )}
      {message.status === "unsent" && (
        <div
          className="mt-1.5 flex max-w-[85%] flex-wrap items-center justify-end gap-2 text-xs text-bad"
          role="alert"
        >
          <CircleAlert aria-hidden className="size-3.5" />
          <span>Not sent: {message.error}</span>
          <Button
            size="small"
            icon={<RotateCcw aria-hidden className="size-3" />}
            onClick={() => onRetry(message)}
          >
            Send again
          </Button>
          <Button size="small" onClick={() => onDiscard(message)}>
            Edit
          </Button>
        </div>
      )}
    </article>
  );
}

function AgentMessage({ message }: { message: ChatMessage }) {
  const streaming = message.status === "streaming";
  const asks = openRequests([message]).length > 0;
  return (
    <article aria-label="Agent" aria-busy={streaming} className="flex flex-col gap-2.5">
      {message.parts.map((part, index) => (
        <PartView key={keyOf(part, index)} part={part} running={streaming} />
      ))}
      {streaming && (
        <p className="flex items-center gap-2 text-sm text-ink-muted">
          <LoaderCircle aria-hidden className="size-4 animate-spin text-accent" />
          {message.parts.length === 0 ? "Starting…" : asks ? "Waiting for your answer" : "Working…"}
        </p>
      )}
      {message.status === "aborted" && (
        <p className="flex items-center gap-2 text-sm text-ink-muted">
          <CircleSlash aria-hidden className="size-4" /> Stopped. Nothing ran after this point.
        </p>
      )}
      {message.status === "failed" && (
        <Notice tone="bad" title="The turn failed">
          <p className="whitespace-pre-wrap">{message.error ?? "The agent gave no reason."}</p>
        </Notice>
      )}
      {message.finishReason === "length" && (
        <Notice tone="warn">The agent reached its limit and stopped here. Send "continue" to go on.</Notice>
      )}
      {message.finishReason === "content-filter" && (
        <Notice tone="warn">The model refused to go on. Put the request differently.</Notice>
      )}
    </article>
  );
}

function PartView({ part, running }: { part: Part; running: boolean }) {
  switch (part.type) {
    case "text":
      return part.text ? <Markdown text={part.text} /> : null;
    case "reasoning":
      return part.text ? <Reasoning text={part.text} thinking={part.streaming} /> : null;
    case "tool":
      return <ToolCard tool={part} running={running} />;
    case "file":
      return <AttachmentList files={[{ ...part, filename: part.filename ?? part.mediaType }]} />;
    case "source":
      return <p className="text-sm text-ink-muted">Source: {part.title ?? part.url ?? part.id}</p>;
    case "data":
      if (part.name === "question" && questionsOf(part).length > 0) {
        return <QuestionCard part={part} turnOpen={running} />;
      }
      if (part.name === "permission" || part.name === "question") {
        return <PermissionCard part={part} turnOpen={running} />;
      }
      if (part.name === "checkpoint") {
        return <Checkpoint data={part.data} />;
      }
      return part.name === "plan" ? <PlanCard data={part.data} /> : null;
  }
}

function keyOf(part: Part, index: number): string {
  return part.type === "tool" ? part.toolCallId : `${part.type}-${index}`;
}

export function textOf(message: ChatMessage): string {
  return message.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
