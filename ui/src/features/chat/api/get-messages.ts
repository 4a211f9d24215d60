import { request } from "@/lib/http";
import type { StoredMessage } from "../store/history";

export interface MessagePage {
  messages: StoredMessage[];
  nextCursor: string | null;
}

/** The newest page, or with a cursor the one before it. */
export function getMessages(project: string, session: string, cursor?: string | null): Promise<MessagePage> {
  const query = new URLSearchParams({ limit: "50", ...(cursor ? { cursor } : {}) });
  return request(`/api/projects/${project}/sessions/${session}/messages?${query}`);
}
