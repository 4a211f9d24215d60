import assert from "node:assert/strict";
import { axe, hold, letGo, mock, open, send } from "./harness.mjs";

/** A day at a desk: from an empty project to work that is applied. */
export async function desk() {
  const { page, step, shot } = await open({ width: 1440, height: 900 }, "light", "desk");

  await step("empty project", async () => {
    await page.goto(mock.url);
    await page.waitForURL("**/p/local");
    await page.getByText("Add a repository to begin").waitFor();
    await shot("welcome");
  });

  await step("refused workspace says why", async () => {
    await page.getByRole("button", { name: "Add workspace" }).click();
    await page.getByText("Local folder").click();
    await page.getByLabel("Folder", { exact: true }).fill("/etc");
    await page.getByRole("dialog").getByRole("button", { name: "Add workspace" }).click();
    await page.getByText("REPO_ALLOWLIST").waitFor();
    await shot("workspace-dialog");
  });

  await step("create workspace", async () => {
    await page.getByText("Git URL").click();
    await page.getByLabel("Repository URL").fill("https://git.example.com/team/greeter.git");
    await hold("clone");
    await page.getByRole("dialog").getByRole("button", { name: "Add workspace" }).click();
    await page.getByRole("heading", { name: "greeter" }).waitFor();
    await page.getByText("65 %").waitFor();
    await shot("cloning");
    await axe(page, "cloning");
    await letGo("clone");
  });

  await step("create session and see it start", async () => {
    await page.getByLabel("What should the agent do?").fill("Let the greeting take a name");
    await shot("workspace");
    await hold("pulling_image");
    await hold("turn");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/s/*");
    await page.getByRole("status").getByText("Pulling image").waitFor();
    await shot("starting");
    await letGo("pulling_image");
  });

  await step("streamed answer", async () => {
    await page.getByText("Working…").waitFor();
    await page.getByText("I'll look at how").waitFor();
    await shot("streaming");
    await page.getByText("Shall I also update the README?").waitFor();
    await letGo("turn");
    await page.getByText("Working…").waitFor({ state: "detached" });
    assert.equal(await page.getByText("Shall I also update").count(), 1);
    await shot("answered");
  });

  await step("diff", async () => {
    await page.getByRole("button", { name: "Changes", exact: true }).first().click();
    await page.waitForURL("**?panel=changes");
    await page.getByRole("list", { name: "Changed files" }).getByText("Greeter.java").waitFor();
    await page.getByText('return "Hello, " + name;').last().waitFor();
    await page.getByText("Binary file, not shown").waitFor();
    await shot("changes");
    await axe(page, "changes");
  });

  await step("apply", async () => {
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
    await page.getByText("Committed to main").waitFor();
    await shot("applied");
    await page.getByRole("button", { name: "Done" }).click();
  });

  await step("reload comes back to the same place", async () => {
    await page.reload();
    await page.getByText("Shall I also update the README?").waitFor();
    await page.getByRole("list", { name: "Changed files" }).waitFor();
  });

  await step("egress and allow", async () => {
    await page.getByRole("button", { name: "Egress", exact: true }).first().click();
    await page.getByRole("button", { name: "Allow telemetry.example.com for this session" }).click();
    await page.getByText("Refused hosts").waitFor({ state: "detached" });
    await shot("egress");
    await axe(page, "egress");
  });

  await step("permission by keyboard", async () => {
    await send(page, "ask for permission please");
    await page
      .getByRole("button", { name: /Allow once/ })
      .first()
      .waitFor();
    await page.getByRole("navigation", { name: "Sessions" }).getByText("Needs you").waitFor();
    await shot("permission");
    await axe(page, "permission");
    await page.reload();
    await page
      .getByRole("button", { name: /Allow once/ })
      .first()
      .waitFor();
    await page.getByRole("navigation", { name: "Sessions" }).getByText("Needs you").waitFor();
    await page.getByRole("log").focus();
    await page.keyboard.press("1");
    await page.getByText("Pushed.").waitFor();
    await page.getByText("Answered: Allow once").waitFor();
    await page.getByText("Working…").waitFor({ state: "detached" });
  });

  await step("reload in the middle of a turn loses nothing", async () => {
    await hold("turn");
    await send(page, "a long one");
    await page.getByText("Paragraph 3:").waitFor();
    await page.reload();
    await page.getByText("Paragraph 1:").waitFor();
    await page.getByText("Paragraph 6:").waitFor();
    assert.equal(await page.getByText("Paragraph 3:").count(), 1);
  });

  await step("queue behind it, then stop with Escape", async () => {
    await send(page, "ordinary follow-up");
    await page.getByRole("list", { name: "Queued messages" }).getByText("ordinary follow-up").waitFor();
    await shot("queued");
    await page.keyboard.press("Escape");
    await page.getByText("Stopped. Nothing ran after this point.").waitFor();
    await letGo("turn");
    await page.getByRole("list", { name: "Queued messages" }).waitFor({ state: "detached" });
    await page.getByRole("article", { name: "You" }).getByText("ordinary follow-up").waitFor();
    await page.waitForFunction(
      () => document.body.innerText.split("Shall I also update the README?").length === 3,
      null,
      {
        timeout: 45_000,
      },
    );
    await page.getByText("Working…").waitFor({ state: "detached" });
  });

  await step("failed turn says why", async () => {
    await send(page, "fail now");
    await page.getByText("529: overloaded").waitFor();
    await shot("failed");
    await page.reload();
    await page.getByText("529: overloaded").waitFor();
  });

  await step("hostile Markdown does nothing", async () => {
    await send(page, "xss");
    await page.getByText("Look:").waitFor();
    await page.getByText("Working…").waitFor({ state: "detached" });
    const found = await page.evaluate(() => ({
      ran: Boolean(window.__pwned),
      bad: document.querySelectorAll(
        '.prose img, .prose-block svg, .prose script, .prose a[href^="javascript" i], .prose a[href^="data" i]',
      ).length,
    }));
    assert.deepEqual(found, { ran: false, bad: 0 });
  });

  await step("stop and resume the sandbox", async () => {
    await page.getByRole("button", { name: "Session actions" }).click();
    await page.getByRole("menuitem", { name: "Stop sandbox" }).click();
    await page.getByText("The sandbox is stopped").waitFor();
    await shot("stopped");
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("The sandbox is stopped").waitFor({ state: "detached" });
  });

  await step("agents and credentials", async () => {
    await page.getByRole("link", { name: "Agents" }).click();
    await page.getByRole("button", { name: "Make default" }).click();
    await page.getByRole("button", { name: "Add agent" }).click();
    await page.getByRole("dialog").getByLabel("Type").selectOption("gemini-cli");
    await shot("agent-dialog");
    await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
    await page.getByText("Gemini CLI").first().waitFor();
    await shot("agents");
    await axe(page, "agents");
    await page.getByRole("link", { name: "Credentials" }).click();
    await page.getByRole("button", { name: "Add credential" }).click();
    await page.getByLabel("API key").fill("short");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("is too short").waitFor();
    await page.getByLabel("API key").fill("sk-test-0123456789");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("••••6789").waitFor();
    assert.ok(!(await page.content()).includes("sk-test-0123456789"), "the page must not keep the secret");
    await shot("credentials");
    await axe(page, "credentials");
  });

  await step("20,000 changed lines", async () => {
    await page.getByRole("link", { name: "greeter", exact: true }).first().click();
    await page.getByLabel("What should the agent do?").fill("make a big file, with a conflict");
    await page.keyboard.press("Enter");
    await page.getByText("Shall I also update the README?").waitFor();
    const started = Date.now();
    await page.getByRole("button", { name: "Changes", exact: true }).first().click();
    await page.getByText('"key-0"').waitFor();
    const milliseconds = Date.now() - started;
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    assert.ok(nodes < 3_000, `${nodes} nodes (expected: < 3000)`);
    console.log(`20,000 lines: first rows after ${milliseconds} ms, ${nodes} nodes in the page`);
    await page.getByRole("list", { name: "Changed files" }).getByText("GreeterTest.java").click();
    await page.getByText("No newline at end of file").waitFor();
  });

  await step("conflict names the files", async () => {
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
    await page.getByText("deleted in the workspace").waitFor();
    await shot("conflict");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  await step("dark", async () => {
    await page.getByRole("button", { name: /^Theme: system/ }).click();
    await page.getByRole("button", { name: /^Theme: light/ }).click();
    await shot("dark");
    await axe(page, "dark");
    await page.reload();
    assert.ok(await page.evaluate(() => document.documentElement.classList.contains("dark")));
  });

  await step("delete session", async () => {
    await page.getByRole("button", { name: "Session actions" }).click();
    await page.getByRole("menuitem", { name: "Delete session" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete session" }).click();
    await page.waitForURL(/\/w\/[^/]+$/);
    await page
      .getByRole("navigation", { name: "Sessions" })
      .getByText("make a big file")
      .waitFor({ state: "detached" });
  });

  await step("a clone that failed is tried again", async () => {
    await page.getByRole("button", { name: "Add a workspace" }).click();
    await page.getByLabel("Repository URL").fill("https://git.example.com/team/flaky.git");
    await page.getByRole("dialog").getByRole("button", { name: "Add workspace" }).click();
    await page.getByText("the remote hung up").waitFor();
    await shot("clone-failed");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("the remote hung up").waitFor({ state: "detached" });
    await page.getByText("3f9c2d7a", { exact: true }).waitFor();
  });

  await page.context().close();
}
