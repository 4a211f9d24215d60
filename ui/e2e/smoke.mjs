/**
 * Walks through the built interface in a real browser against the mock gateway, at a desk's and a phone's width.
 * Needs a Chromium (CHROMIUM, default /usr/bin/chromium) and `npm run build` before.
 *
 *   node e2e/smoke.mjs [--screenshots e2e/screenshots]
 */
import assert from "node:assert/strict";
import { desk } from "./desk.mjs";
import { defects, end, steps } from "./harness.mjs";
import { panels } from "./panels.mjs";
import { phone } from "./phone.mjs";

try {
  await desk();
  await panels();
  await phone();
  assert.deepEqual(defects, [], "the browser's console must stay silent");
} finally {
  await end();
}
console.log(`${steps.length} steps passed: ${steps.join(", ")}`);
