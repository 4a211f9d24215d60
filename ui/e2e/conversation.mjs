import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { axe, ensureWorkspace, hold, letGo, mock, open, send } from "./harness.mjs";

/** What goes into a message and around it: queue, questions, settings, commands, files. */
export async function conversation() {
  const { page, step, shot } = await open({ width: 1280, height: 860 }, "light", "talk");
  const composer = page.getByLabel("Message to the agent");
  const queue = page.getByRole("list", { name: "Queued messages" });

  await step("queue is edited, put in order and shortened", async () => {
    await ensureWorkspace();
    await page.goto(mock.url);
    await page.getByRole("link", { name: "greeter", exact: true }).first().click();
    await page.getByLabel("What should the agent do?").fill("A long talk");
    await hold("turn");
    await page.keyboard.press("Enter");
    await page.getByText("Paragraph 1:").waitFor();
    for (const text of ["first follow-up", "second follow-up", "third follow-up"]) {
      await send(page, text);
      await queue.getByText(text).waitFor();
    }
    const item = (text) => queue.getByRole("listitem").filter({ hasText: text });
    await item("second").getByRole("button", { name: "Earlier" }).click();
    await page.waitForFunction(() =>
      /second follow-up.*first follow-up/s.test(
        document.querySelector('[aria-label="Queued messages"]')?.textContent ?? "",
      ),
    );
    await item("third").getByRole("button", { name: "Edit queued message" }).click();
    await page.getByLabel("Queued message", { exact: true }).fill("fail, said differently");
    await page.getByRole("button", { name: "Save" }).click();
    await queue.getByText("fail, said differently").waitFor();
    await item("first").getByRole("button", { name: "Remove from the queue" }).click();
    await item("first").waitFor({ state: "detached" });
    await shot("queue");
    await axe(page, "queue");
    await page.reload();
    await queue.getByText("second follow-up").waitFor();
    await page.getByRole("article", { name: "You" }).first().waitFor();
    assert.equal(await page.getByRole("article", { name: "You" }).count(), 1);
    await letGo("turn");
    await page.getByText("529: overloaded").waitFor();
    await queue.waitFor({ state: "detached" });
    assert.equal(await page.getByText("first follow-up").count(), 0);
  });

  await step("question is answered in a form", async () => {
    await send(page, "I have a question");
    await page.getByText("How should the greeting be stored?").waitFor();
    assert.ok(await page.getByRole("button", { name: "Answer", exact: true }).isDisabled());
    await shot("question");
    await axe(page, "question");
    await page.getByLabel("Postgres").check();
    await page.getByLabel("German").check();
    await page.getByLabel("Anything else?").fill("no");
    await page.getByRole("button", { name: "Answer", exact: true }).click();
    await page.getByText("Store: Postgres · In which languages?: German · Anything else?: no").waitFor();
    await page.getByText("Working…").waitFor({ state: "detached" });
    await shot("answered");
  });

  await step("always for a tool, and how the agent works", async () => {
    await send(page, "ask for permission");
    await page.getByLabel("Always for this tool in this session").waitFor();
    await page.getByLabel("Always for this tool in this session").check();
    await page.getByRole("button", { name: /Allow once/ }).click();
    await page.getByText("Pushed.").waitFor();
    await page.getByText("Working…").waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("button", { name: /How the agent works/ }).click();
    await page.getByText("always allowed").waitFor();
    await page.getByLabel("Mode", { exact: true }).selectOption("plan");
    await page.getByLabel("May do without asking").selectOption("ask");
    await page.getByLabel("May do without asking").and(page.locator(":enabled")).waitFor();
    await shot("settings");
    await axe(page, "settings of the agent");
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.getByText("always allowed").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: /plan · Asks/ }).waitFor();
  });

  await step("commands, files and pictures in the composer", async () => {
    await composer.fill("");
    await composer.pressSequentially("/re");
    await page.getByRole("option", { name: /review/ }).waitFor();
    await page.keyboard.press("Tab");
    await page.waitForFunction(() => document.querySelector("#composer").value === "/review ");
    await composer.pressSequentially("@greeter.j");
    await page.getByRole("option", { name: /Greeter.java/ }).waitFor();
    await shot("mention");
    await axe(page, "mention");
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => document.querySelector("#composer").value === "/review @src/main/java/app/Greeter.java ",
    );
    const picture = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAFElEQVR42mMQSrn2Hx9mGBkKAAAAAP//8gYDAPiXmUcAAAAASUVORK5CYII=",
      "base64",
    );
    await page.getByLabel("Files to attach").setInputFiles([
      { name: "logo.png", mimeType: "image/png", buffer: picture },
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("notes") },
    ]);
    await page.getByText("notes.txt").waitFor();
    await shot("attachments");
    await axe(page, "attachments");
    const folder = await mkdtemp(join(tmpdir(), "slipway-walk-"));
    await writeFile(join(folder, "large.bin"), Buffer.alloc(8_000_000));
    await page.getByLabel("Files to attach").setInputFiles(join(folder, "large.bin"));
    await page.getByText("a message takes at most").waitFor();
    await rm(folder, { recursive: true });
    await page.getByRole("button", { name: "Remove notes.txt" }).click();
    await page.keyboard.press("Control+Enter");
    await composer.focus();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("article", { name: "You" }).getByRole("img", { name: "logo.png" }).waitFor();
    await page.getByText("Shall I also update the README?").waitFor();
    const session = /\/s\/([^/?]+)/.exec(page.url())[1];
    const wish = await (await fetch(`${mock.url}/mock/wishes/${session}`)).json();
    assert.equal(wish.mode, "plan");
    await page.reload();
    await page.getByRole("article", { name: "You" }).getByRole("img", { name: "logo.png" }).waitFor();
  });

  await page.context().close();
}
