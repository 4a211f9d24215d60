import { request } from "@/lib/http";
import { fetchAll } from "@/lib/lists";

export interface InviteCode {
  id: string;
  /** Only in the answer that makes it. */
  code?: string | null;
  note?: string | null;
  maxUses: number;
  usesRemaining: number;
  valid: boolean;
}

export function getInviteCodes(): Promise<InviteCode[]> {
  return fetchAll("/api/admin/invite-codes", "inviteCodes");
}

export function createInviteCode(maxUses: number, note: string): Promise<InviteCode> {
  return request("/api/admin/invite-codes", {
    method: "POST",
    body: { maxUses, ...(note ? { note } : {}) },
  });
}

export function revokeInviteCode(id: string): Promise<void> {
  return request(`/api/admin/invite-codes/${id}/revoke`, { method: "POST", body: {} });
}
