import type { UsageLine } from "../api/get-usage";

export interface Sum {
  calls: number;
  unpricedCalls: number;
  tokens: number;
  costUsd: number;
}

export function sumOf(lines: readonly UsageLine[]): Sum {
  return lines.reduce<Sum>(
    (sum, line) => ({
      calls: sum.calls + line.calls,
      unpricedCalls: sum.unpricedCalls + (line.unpricedCalls ?? 0),
      tokens: sum.tokens + line.inputTokens + line.outputTokens,
      costUsd: sum.costUsd + Number(line.costUsd),
    }),
    { calls: 0, unpricedCalls: 0, tokens: 0, costUsd: 0 },
  );
}

/** The first and the last day of the last `days` days, as the API writes them (UTC). */
export function lastDays(days: number, now = new Date()): { from: string; to: string } {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(now.getTime() - (days - 1) * 86_400_000), to: day(now.getTime()) };
}
