import { request } from "@/lib/http";

export interface Me {
  id: string;
  username?: string;
  name?: string;
  displayName?: string;
  /** `anonymous` when nobody logs in here. */
  provider?: string;
  systemAdmin?: boolean;
}

export function getMe(): Promise<Me> {
  return request("/auth/me");
}

export function logOut(): Promise<void> {
  return request("/auth/logout", { method: "POST", body: {} });
}
