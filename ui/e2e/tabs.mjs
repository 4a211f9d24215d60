import assert from "node:assert/strict";
import { ensureWorkspace, hold, letGo, mock, open, send } from "./harness.mjs";

/** More than a browser lets one server have connections on HTTP/1.1: only by sharing one can the last tab load. */
const TABS = 8;

async function connections() {
  return (await (await fetch(`${mock.url}/mock/connections`)).json()).open;
}

/** Waits until so many event streams are open, and stay that many. */
async function settled(wanted) {
  const until = Date.now() + 60_000;
  for (let calm = 0; calm < 5; ) {
    const now = await connections();
    calm = now === wanted ? calm + 1 : 0;
    assert.ok(Date.now() < until, `${now} streams are open (expected: ${wanted})`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Many tabs on one conversation: one connection, the same words in each, also when the tab that reads it is closed. */
export async function tabs() {
  const { page, step, shot } = await open({ width: 1280, height: 860 }, "light", "tabs");
  const others = [];
  const ended = (tab) => tab.getByText("Working…").waitFor({ state: "detached" });

  await step("eight tabs share one connection", async () => {
    await ensureWorkspace();
    await page.goto(mock.url);
    await page.getByRole("link", { name: "greeter", exact: true }).first().click();
    await page.getByLabel("What should the agent do?").fill("Hello");
    await hold("turn");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/s\//);
    await page.getByText("Working…").waitFor();
    await letGo("turn");
    await ended(page);
    while (others.length < TABS - 1) {
      const tab = await page.context().newPage();
      others.push(tab);
      await tab.goto(page.url());
      await tab.getByRole("article", { name: "You" }).first().waitFor();
    }
    await settled(1);
    await hold("turn");
    await send(others[0], "A long talk");
    for (const tab of [page, ...others]) await tab.getByText("Paragraph 1:").waitFor();
    await settled(1);
    await shot("one-of-eight");
  });

  await step("another tab reads on when the one that read is closed", async () => {
    await page.close();
    await settled(1);
    const late = await others[0].context().newPage();
    await late.goto(others[0].url());
    await late.getByText("Paragraph 1:").waitFor();
    await settled(1);
    await letGo("turn");
    await Promise.all([late, ...others].map(ended));
    const said = (tab) => tab.getByRole("article").allInnerTexts();
    const first = await said(others[0]);
    for (const tab of [late, ...others.slice(1)]) assert.deepEqual(await said(tab), first);
    await others[0].context().close();
  });
}
