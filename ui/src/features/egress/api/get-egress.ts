import { request } from "@/lib/http";

/** One request that left the sandbox or was refused. */
export interface EgressRecord {
  id: string;
  time: string;
  scheme: string;
  host: string;
  port: number;
  method?: string | null;
  path?: string | null;
  decision: string;
  /** Which rule decided, or why it was refused. */
  rule?: string | null;
  status?: number | null;
  bytesUp: number;
  bytesDown: number;
  durationMillis: number;
}

/** The newest records, newest first. */
export async function getEgress(project: string, session: string): Promise<EgressRecord[]> {
  const answer: Record<string, unknown> = await request(
    `/api/projects/${project}/sessions/${session}/egress?limit=200`,
  );
  const records = [answer.egress, answer.records, answer.requests].find(Array.isArray) as
    | EgressRecord[]
    | undefined;
  return (records ?? []).toSorted((a, b) => b.time.localeCompare(a.time));
}

export function isAllowed(record: EgressRecord): boolean {
  return /^allow/.test(record.decision);
}
