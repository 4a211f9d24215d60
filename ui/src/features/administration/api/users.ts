import { request } from "@/lib/http";
import { fetchAll } from "@/lib/lists";

export interface User {
  id: string;
  username: string;
  email?: string | null;
  displayName?: string | null;
  role: "user" | "admin";
  disabled: boolean;
  lastLoginAt?: string | null;
}

export function getUsers(): Promise<User[]> {
  return fetchAll("/api/admin/users", "users");
}

/** Who is disabled is logged out at once. 409 for the last administrator. */
export function changeUser(id: string, change: Partial<Pick<User, "role" | "disabled">>): Promise<User> {
  return request(`/api/admin/users/${id}`, { method: "PATCH", body: change });
}
