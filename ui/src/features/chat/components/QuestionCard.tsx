import { CheckCircle2, CircleHelp, CircleSlash } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/Button";
import { ProblemNotice } from "@/components/Notice";
import { ProblemError } from "@/lib/http";
import { useAction } from "@/lib/use-action";
import { answerRequest, type RequestAnswer } from "../api/answer-request";
import type { DataPart } from "../store/types";
import { useChatContext } from "./chat-context";
import { QuestionField } from "./QuestionField";
import { answersOf, type Filled, questionsOf, saidOf } from "./questions";
import { requestOf } from "./requests";

/** What the agent wants to know, as a form; later, what it was told. */
export function QuestionCard({ part, turnOpen }: { part: DataPart; turnOpen: boolean }) {
  const { project, session, answered, onAnswered } = useChatContext();
  const [filled, setFilled] = useState<Filled>({});
  const request = requestOf(part);
  const questions = questionsOf(part);
  const answers = answersOf(questions, filled);
  const send = useAction(async (answer: RequestAnswer, word: string) => {
    try {
      await answerRequest(project, session, request.requestId, answer);
    } catch (cause) {
      // Somebody else was faster; the stream will say what they answered.
      if (!(cause instanceof ProblemError && cause.problem.status === 409)) throw cause;
    }
    onAnswered(request.requestId, word);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (answers) send.run({ answers }, "answered");
  };
  const settled = request.answer ?? answered[request.requestId] ?? null;
  if (settled !== null || !turnOpen) {
    const said = saidOf(questions, (part.data as { answers?: unknown } | null)?.answers);
    return (
      <section aria-label="Question" className="rounded-xl border border-line bg-surface px-4 py-2.5">
        <p className="font-medium [overflow-wrap:anywhere]">{request.title}</p>
        <p className="mt-1 flex items-center gap-1.5 text-sm text-ink-muted">
          {settled === null || settled === "cancelled" || settled === "expired" ? (
            <CircleSlash aria-hidden className="size-4 shrink-0" />
          ) : (
            <CheckCircle2 aria-hidden className="size-4 shrink-0" />
          )}
          {said.length > 0
            ? said.join(" · ")
            : settled === "answered"
              ? "Answered"
              : settled === "declined"
                ? "The agent goes on without an answer"
                : "Not answered"}
        </p>
      </section>
    );
  }
  return (
    <section
      aria-label="Question"
      role="alert"
      className="rounded-xl border border-warn/50 bg-warn-soft px-4 py-3"
    >
      <p className="flex items-start gap-2 font-medium">
        <CircleHelp aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
        <span className="[overflow-wrap:anywhere]">{request.title}</span>
      </p>
      <form onSubmit={submit} className="mt-3 space-y-4">
        {questions.map((question) => (
          <QuestionField
            key={question.id}
            question={question}
            values={filled[question.id] ?? []}
            onChange={(values) => setFilled((before) => ({ ...before, [question.id]: values }))}
          />
        ))}
        {send.error !== null && <ProblemNotice error={send.error} />}
        <div className="flex flex-wrap gap-2">
          <Button size="small" look="primary" type="submit" busy={send.busy} disabled={!answers}>
            Answer
          </Button>
          <Button size="small" disabled={send.busy} onClick={() => send.run({ declined: true }, "declined")}>
            Go on without an answer
          </Button>
        </div>
      </form>
    </section>
  );
}
