import { expect, it } from "vitest";
import { lastDays, sumOf } from "./sums";

it("adds up what was used, prices as text or number", () => {
  const line = { calls: 2, unpricedCalls: 1, inputTokens: 100, outputTokens: 10 };
  expect(
    sumOf([
      { ...line, costUsd: "0.25" },
      { ...line, unpricedCalls: 0, costUsd: 0.5 },
    ]),
  ).toEqual({
    calls: 4,
    unpricedCalls: 1,
    tokens: 220,
    costUsd: 0.75,
  });
});

it("counts today among the last days", () => {
  expect(lastDays(7, new Date("2026-03-02T01:00:00Z"))).toEqual({ from: "2026-02-24", to: "2026-03-02" });
});
