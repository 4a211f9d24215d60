import assert from "node:assert/strict";
import { axe, mock, open } from "./harness.mjs";

/** The same on a phone, in the dark. */
export async function phone() {
  const { page, step, shot } = await open({ width: 390, height: 844 }, "dark", "phone", {
    hasTouch: true,
    isMobile: true,
  });
  await step("phone", async () => {
    await page.goto(`${mock.url}/p/local`);
    await shot("welcome");
    await page.getByRole("button", { name: "Workspaces and sessions" }).click();
    await shot("menu");
    await page
      .getByRole("navigation", { name: "Sessions" })
      .getByText("Let the greeting take a name")
      .click();
    await page.getByText("Look:").waitFor();
    await shot("chat");
    await axe(page, "phone chat");
    await page.getByRole("button", { name: "Changes" }).click();
    await page.getByText("Binary file, not shown").waitFor();
    await shot("changes");
    await axe(page, "phone changes");
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await page.getByRole("treeitem", { name: /README.md/ }).click();
    await page.getByText("Says **hello**.").waitFor();
    await shot("file");
    await axe(page, "phone file");
    await page.getByRole("button", { name: "Terminal" }).click();
    await page.getByText("Connected").waitFor();
    await page.getByText("agent@sandbox").first().waitFor();
    await shot("terminal");
    await axe(page, "phone terminal");
    await page.getByRole("button", { name: "Previews" }).click();
    await page.getByText("port 3000").waitFor();
    await shot("previews");
    await page.getByRole("button", { name: "Egress" }).click();
    await page.getByText("api.anthropic.com").first().waitFor();
    await shot("egress");
    await page.getByRole("button", { name: "Chat", exact: true }).click();
    await page.getByRole("button", { name: /How the agent works/ }).click();
    await page.getByLabel("May do without asking").waitFor();
    await shot("settings");
    await page.getByRole("button", { name: "Done" }).click();
    for (const name of ["project", "usage", "account", "administration"]) {
      await page.goto(`${mock.url}/p/local/${name}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.getByRole("list").or(page.getByRole("table")).first().waitFor();
      await shot(name);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
      await axe(page, `phone ${name}`);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
  });
  await page.context().close();
}
