import { request } from "@/lib/http";

export type Answers = Record<string, string | string[] | number | boolean>;

/** One of the options, answers to a form's questions, or to go on without an answer. */
export type RequestAnswer =
  | { optionId: string; always?: boolean }
  | { answers: Answers }
  | { declined: true };

/** Answers a permission or question request. 409 when somebody else was faster. */
export function answerRequest(
  project: string,
  session: string,
  requestId: string,
  answer: RequestAnswer,
): Promise<void> {
  return request(`/api/projects/${project}/chat/${session}/requests/${encodeURIComponent(requestId)}`, {
    method: "POST",
    body: answer,
  });
}
