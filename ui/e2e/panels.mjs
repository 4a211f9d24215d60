import assert from "node:assert/strict";
import { axe, ensureWorkspace, hold, letGo, mock, open } from "./harness.mjs";

/** What stands beside a conversation: terminal, files, previews. In the dark, for a change. */
export async function panels() {
  const { page, step, shot } = await open({ width: 1440, height: 900 }, "dark", "panels");

  await step("terminal opens while the sandbox starts", async () => {
    await ensureWorkspace();
    await page.goto(mock.url);
    await page.getByRole("link", { name: "greeter", exact: true }).first().click();
    await page.getByLabel("What should the agent do?").fill("Look at the panels");
    await hold("creating_sandbox");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/s/*");
    await page.getByRole("button", { name: "Terminal", exact: true }).first().click();
    await page.getByText("Waiting for the sandbox to start").waitFor();
    await letGo("creating_sandbox");
    await page.getByText("Connected").waitFor();
    await page.locator(".xterm-rows").getByText("agent@sandbox").first().waitFor();
  });

  await step("terminal by keyboard, bytes, size and a lost line", async () => {
    const rows = page.locator(".xterm-rows");
    await page.locator(".xterm-helper-textarea").focus();
    await page.keyboard.type("size\r");
    await rows.getByText(/\d+ rows, \d+ columns/).waitFor();
    await page.keyboard.type("ls\rbytes\r");
    await rows.getByText("Grüße as bytes").waitFor();
    await shot("terminal");
    await axe(page, "terminal");
    await page.keyboard.type("drop\r");
    await rows.getByText("written while nobody looked").waitFor();
    await page.getByText("Connected").waitFor();
    assert.equal(await rows.getByText("written while nobody looked").count(), 1);
    await page.keyboard.press("Control+m");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Read aloud");
    await page.reload();
    await rows.getByText("written while nobody looked").waitFor();
    await page.locator(".xterm-helper-textarea").focus();
    await page.keyboard.type("exit 3\r");
    await page.getByText("The shell ended with code 3").waitFor();
    await shot("terminal-ended");
    await page.getByRole("button", { name: "New shell" }).click();
    await page.getByText("Connected").waitFor();
    await rows.getByText("agent@sandbox").first().waitFor();
  });

  await step("files by keyboard, coloured, found, saved and downloaded", async () => {
    await page.getByRole("button", { name: "Files", exact: true }).first().click();
    const tree = page.getByRole("tree", { name: "Files" });
    await tree.getByRole("treeitem", { name: /pom.xml/ }).waitFor();
    await tree.focus();
    await page.keyboard.press("s");
    await page.keyboard.press("ArrowRight");
    await tree.getByRole("treeitem", { name: "main" }).waitFor();
    await shot("files");
    await axe(page, "files");
    await tree.getByRole("treeitem", { name: "generated" }).click();
    await tree.getByText("part-0000.txt").waitFor();
    const nodes = await page.evaluate(() => document.querySelectorAll("[role=treeitem]").length);
    assert.ok(nodes < 200, `${nodes} rows in the page (expected: those in sight)`);
    await page.getByLabel("Find files").fill("greeter.j");
    await page.getByRole("list", { name: "Files found" }).getByText("Greeter.java").click();
    await page.waitForURL("**file=src%2Fmain%2Fjava%2Fapp%2FGreeter.java");
    await page.locator(".tok-keyword", { hasText: "class" }).first().waitFor();
    await shot("file");
    await axe(page, "file");
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    assert.equal((await coming).suggestedFilename(), "Greeter.java");
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Edit src/main/java/app/Greeter.java").fill("// rewritten");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("// rewritten").waitFor();
    await page.goBack();
    await page.getByRole("list", { name: "Files found" }).waitFor();
  });

  await step("previews open in a tab of their own", async () => {
    await page.getByRole("button", { name: "Previews", exact: true }).first().click();
    await page.getByRole("link", { name: "Open Application in a new tab" }).waitFor();
    await shot("previews");
    await axe(page, "previews");
    const opening = page.context().waitForEvent("page");
    await page.getByRole("link", { name: "Open Application in a new tab" }).click();
    const preview = await opening;
    await preview.getByText("Port 3000 of the sandbox").waitFor();
    await preview.close();
  });

  await step("everything by its name, with Ctrl+K", async () => {
    await page.getByRole("log").focus();
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: "Go to a session, a page or a panel" });
    await field.waitFor();
    await page.getByRole("option", { name: /^Terminal/ }).waitFor();
    await shot("palette");
    await axe(page, "palette");
    await field.fill("agen");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/agents");
    await page.keyboard.press("Control+k");
    await field.fill("look at the pan");
    await page.getByRole("option", { name: /Look at the panels/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/s/*");
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
  });

  await page.context().close();
}
