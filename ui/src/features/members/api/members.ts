import { request } from "@/lib/http";
import { fetchAll } from "@/lib/lists";

export type Role = "owner" | "admin" | "member";
export const ROLES: readonly Role[] = ["owner", "admin", "member"];

export interface Member {
  userId: string;
  name: string;
  email?: string | null;
  role: Role;
}

const pathOf = (project: string, user: string) =>
  `/api/projects/${project}/members/${encodeURIComponent(user)}`;

export function getMembers(project: string): Promise<Member[]> {
  return fetchAll(`/api/projects/${project}/members`, "members");
}

/** 409 for the last owner. */
export function setRole(project: string, user: string, role: Role): Promise<void> {
  return request(pathOf(project, user), { method: "PUT", body: { role } });
}

export function removeMember(project: string, user: string): Promise<void> {
  return request(pathOf(project, user), { method: "DELETE" });
}
