import { openStream } from "@/lib/http";

/** The running turn from its start, or exactly what follows `lastEventId`; 204 when nothing runs. */
export function resumeStream(
  project: string,
  session: string,
  lastEventId: string | null,
  signal: AbortSignal,
): Promise<Response> {
  return openStream(`/api/projects/${project}/chat/${session}/stream`, {
    signal,
    ...(lastEventId ? { headers: { "last-event-id": lastEventId } } : {}),
  });
}
