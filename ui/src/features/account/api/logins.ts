import { request } from "@/lib/http";
import { fetchAll } from "@/lib/lists";

/** A browser that is logged in. */
export interface Login {
  id: string;
  provider: string;
  userAgent?: string | null;
  address?: string | null;
  /** This browser. */
  current: boolean;
  createdAt: string;
}

export function getLogins(): Promise<Login[]> {
  return fetchAll("/auth/sessions", "sessions");
}

export function endLogin(id: string): Promise<void> {
  return request(`/auth/sessions/${id}`, { method: "DELETE" });
}
