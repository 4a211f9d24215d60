import { expect, it } from "vitest";
import { limitsOf, typedOf } from "./fields";

it("shows limits in people's units and sends them in the API's", () => {
  const limits = { sessions: 5, memoryBytes: 8 * 1024 ** 3, idleTimeoutSeconds: 1_800, budgetUsd: 12.5 };
  const typed = typedOf({ ...limits, pids: null });
  expect(typed).toEqual({ sessions: "5", memoryBytes: "8", idleTimeoutSeconds: "30", budgetUsd: "12.5" });
  expect(limitsOf(typed)).toEqual(limits);
  expect(limitsOf({ sessions: " ", cpus: "1.5", diskBytes: "0.5" })).toEqual({
    cpus: 1.5,
    diskBytes: 512 * 1024 ** 2,
  });
});
