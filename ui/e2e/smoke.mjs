/**
 * Walks through the built interface in a real browser against the mock gateway, at a desk's and a phone's width.
 * Needs a Chromium (CHROMIUM, default /usr/bin/chromium) and `npm run build` before.
 *
 *   node e2e/smoke.mjs [--screenshots e2e/screenshots] [--only desk,conversation,…]
 */
import assert from "node:assert/strict";
import { conversation } from "./conversation.mjs";
import { desk } from "./desk.mjs";
import { defects, end, only, steps } from "./harness.mjs";
import { panels } from "./panels.mjs";
import { phone } from "./phone.mjs";
import { settings } from "./settings.mjs";
import { tabs } from "./tabs.mjs";

const parts = { desk, conversation, tabs, panels, settings, phone };

try {
  for (const [name, part] of Object.entries(parts))
    if (only.length === 0 || only.includes(name)) await part();
  assert.deepEqual(defects, [], "the browser's console must stay silent");
} finally {
  await end();
}
console.log(`${steps.length} steps passed: ${steps.join(", ")}`);
