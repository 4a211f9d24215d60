import { openStream } from "@/lib/http";

/** Sends the user's message; the answer is the turn's stream. The same message id again joins the same turn. */
export function postChat(
  project: string,
  session: string,
  message: { id: string; text: string },
  signal: AbortSignal,
): Promise<Response> {
  const body = {
    id: session,
    message: { id: message.id, role: "user", parts: [{ type: "text", text: message.text }] },
  };
  return openStream(`/api/projects/${project}/chat`, { method: "POST", body, signal });
}
