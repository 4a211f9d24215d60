import { request } from "@/lib/http";
import { fetchAll } from "@/lib/lists";

export type Scope = "read" | "write" | "admin";

export interface Token {
  id: string;
  name: string;
  scopes: Scope[];
  /** Only in the answer that makes it. */
  token?: string | null;
  expiresAt?: string | null;
  lastUsedAt?: string | null;
}

export function getTokens(): Promise<Token[]> {
  return fetchAll("/api/tokens", "tokens");
}

export function createToken(name: string, scope: Scope, days: number): Promise<Token> {
  const expiresAt = days > 0 ? new Date(Date.now() + days * 86_400_000).toISOString() : undefined;
  return request("/api/tokens", {
    method: "POST",
    body: { name, scopes: [scope], ...(expiresAt ? { expiresAt } : {}) },
  });
}

export function deleteToken(id: string): Promise<void> {
  return request(`/api/tokens/${id}`, { method: "DELETE" });
}
