import { request } from "@/lib/http";

export interface AuditEntry {
  id: string;
  at: string;
  actorName?: string | null;
  action: string;
  target: string;
  address?: string | null;
  outcome: "done" | "refused" | "failed";
  status?: number | null;
}

export interface AuditPage {
  entries: AuditEntry[];
  nextCursor?: string | null;
}

/** Newest first. */
export function getAudit(outcome: string, cursor: string | null): Promise<AuditPage> {
  const query = new URLSearchParams({
    limit: "50",
    ...(outcome ? { outcome } : {}),
    ...(cursor ? { cursor } : {}),
  });
  return request(`/api/admin/audit?${query}`);
}

/** Where a browser gets all of it, a JSON object a line. */
export const AUDIT_EXPORT = "/api/admin/audit/export";
