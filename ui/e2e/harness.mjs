/** What all parts of the walk use: a browser, the mock gateway, steps, pictures and the check for accessibility. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const { values } = parseArgs({
  options: { screenshots: { type: "string", default: "e2e/screenshots" }, only: { type: "string" } },
});
/** The parts to walk through; all when empty. */
export const only = values.only?.split(",") ?? [];
const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The names of the steps that passed. */
export const steps = [];
/** What the browser's console complained about; it must stay empty. */
export const defects = [];

await mkdir(values.screenshots, { recursive: true });
export const mock = await startMock();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

export async function end() {
  await browser.close();
  mock.process.kill();
}

/** A page of its own, with `step`, which names what fails, and `shot`, which takes a picture. */
export async function open(viewport, colorScheme, name, device = {}) {
  const context = await browser.newContext({ viewport, colorScheme, bypassCSP: false, ...device });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  page.on("console", (message) => {
    // A refused request is logged by the browser itself; the interface showing it is what is tested.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
      defects.push(`${name}: ${message.text()}`);
  });
  page.on("pageerror", (error) => defects.push(`${name}: ${error.message}`));
  const shot = (title) => page.screenshot({ path: `${values.screenshots}/${name}-${title}.png` });
  const step = async (title, action) => {
    try {
      await action();
      steps.push(title);
    } catch (error) {
      await shot("FAILED").catch(() => undefined);
      error.message = `step "${title}": ${error.message}\n${defects.join("\n")}`;
      throw error;
    }
  };
  return { page, step, shot };
}

export async function send(page, text) {
  await page.getByLabel("Message to the agent").fill(text);
  await page.keyboard.press("Enter");
}

/** The workspace that the first part makes, for a part that is walked alone. */
export async function ensureWorkspace() {
  const { workspaces } = await (await fetch(`${mock.url}/api/projects/local/workspaces`)).json();
  if (workspaces.length > 0) return;
  const body = JSON.stringify({ path: "https://git.example.com/team/greeter.git", sourceType: "git" });
  await fetch(`${mock.url}/api/projects/local/workspaces`, { method: "POST", body });
}

/** Makes the mock wait where a slow machine would otherwise miss what is to be seen. */
export function hold(name) {
  return fetch(`${mock.url}/mock/held/${name}`, { method: "PUT" });
}

export function letGo(name) {
  return fetch(`${mock.url}/mock/held/${name}`, { method: "DELETE" });
}

/** WCAG 2.2 AA as far as a program can check it. Injected through the debugger, since the policy forbids inline scripts. */
export async function axe(page, where) {
  const client = await page.context().newCDPSession(page);
  await client.send("Runtime.evaluate", { expression: axeSource });
  const violations = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const result = await window.axe.run(document, { runOnly: { type: "tag", values: tags } });
    return result.violations.map(
      (each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).slice(0, 3)}`,
    );
  });
  await client.detach();
  assert.deepEqual(violations, [], `accessibility of "${where}"`);
}

/** Starts the mock on a free port of loopback, serving the built interface. */
function startMock() {
  const child = spawn(process.execPath, ["dev/mock-server.mjs", "--port", "0", "--dist", "dist"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.on("exit", (code) => reject(new Error(`the mock ended with ${code}`)));
    child.stdout.on("data", (text) => {
      const url = /http:\/\/[\d.:]+/.exec(String(text))?.[0];
      if (url) resolve({ url, process: child });
    });
  });
}
