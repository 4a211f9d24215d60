import { openStream } from "@/lib/http";
import { type Draft, wireParts } from "../store/draft";

/** Sends the user's message; the answer is the turn's stream. The same message id again joins the same turn. */
export function postChat(
  project: string,
  session: string,
  id: string,
  draft: Draft,
  signal: AbortSignal,
): Promise<Response> {
  const body = { id: session, message: { id, role: "user", parts: wireParts(draft) }, ...draft.wish };
  return openStream(`/api/projects/${project}/chat`, { method: "POST", body, signal });
}
