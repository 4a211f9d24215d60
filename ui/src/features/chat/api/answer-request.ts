import { request } from "@/lib/http";

export type RequestAnswer = { optionId: string } | { answers: Record<string, string | string[]> };

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
