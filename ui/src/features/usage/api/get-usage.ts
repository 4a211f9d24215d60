import { fetchAll } from "@/lib/lists";

export type UsageBy = "day" | "model" | "session";

/** One sum: of a day, a model or a session. */
export interface UsageLine {
  projectId?: string;
  day?: string | null;
  model?: string | null;
  sessionId?: string | null;
  calls: number;
  /** Calls to models without a price; their cost is in no sum. */
  unpricedCalls?: number;
  inputTokens: number;
  outputTokens: number;
  costUsd: number | string;
}

/** What the project's sessions used of models between two days, both counted. */
export async function getUsage(project: string, by: UsageBy, from: string, to: string): Promise<UsageLine[]> {
  const query = new URLSearchParams({ by, from, to });
  const lines = await fetchAll<UsageLine>(`/api/usage?${query}`, "usage");
  return lines.filter((line) => !line.projectId || line.projectId === project);
}
