import { request } from "@/lib/http";
import { fetchAll } from "@/lib/lists";
import type { Member, Role } from "./members";

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  /** Only in the answer that makes it. */
  token?: string | null;
  expiresAt: string;
}

export function getInvitations(project: string): Promise<Invitation[]> {
  return fetchAll(`/api/projects/${project}/invitations`, "invitations");
}

export function invite(project: string, email: string, role: Role): Promise<Invitation> {
  return request(`/api/projects/${project}/invitations`, { method: "POST", body: { email, role } });
}

export function withdrawInvitation(project: string, id: string): Promise<void> {
  return request(`/api/projects/${project}/invitations/${id}`, { method: "DELETE" });
}

/** For the invited address only. 410 when it was used or has expired. */
export function acceptInvitation(token: string): Promise<Member & { projectId: string }> {
  return request(`/api/invitations/${encodeURIComponent(token)}/accept`, { method: "POST", body: {} });
}

/** What the invited person opens. */
export function invitationLink(token: string): string {
  return `${window.location.origin}/invite/${encodeURIComponent(token)}`;
}
