import { request } from "@/lib/http";

export function logIn(username: string, password: string): Promise<void> {
  return request("/auth/login", { method: "POST", body: { username, password } });
}

export interface Registration {
  username: string;
  email: string;
  password: string;
  inviteCode: string;
}

/** Makes an account with an invite code, and is logged in. */
export function register(registration: Registration): Promise<void> {
  return request("/auth/register", { method: "POST", body: registration });
}
