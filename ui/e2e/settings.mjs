import assert from "node:assert/strict";
import { axe, hold, letGo, mock, open } from "./harness.mjs";

/** The pages around the work: credentials, members, usage, administration. */
export async function settings() {
  const { page, step, shot } = await open({ width: 1280, height: 900 }, "light", "settings");
  const dialog = page.getByRole("dialog");

  await step("sign in at a provider by browser, and see that its token did not come", async () => {
    await page.goto(`${mock.url}/p/local/credentials`);
    await page.getByRole("button", { name: "Add credential" }).click();
    await dialog.getByLabel("Provider").selectOption("anthropic");
    await dialog.getByText("Only me").click();
    await dialog.getByLabel("How").selectOption("authorize");
    await dialog.getByRole("button", { name: "Sign in with Anthropic" }).click();
    await dialog.getByRole("link", { name: /Open Anthropic/ }).waitFor();
    await dialog.getByLabel("Code", { exact: true }).fill("wrong");
    await dialog.getByRole("button", { name: "Finish" }).click();
    await dialog.getByText("Copy it again").waitFor();
    await shot("sign-in");
    await axe(page, "sign-in");
    await dialog.getByLabel("Code", { exact: true }).fill("works");
    await dialog.getByRole("button", { name: "Finish" }).click();
    await page.getByText("Its next token did not come.").waitFor();
    await page.getByRole("button", { name: "Test" }).last().click();
    await page.getByText("The provider refused it").waitFor();
    await shot("refresh-failed");
    await axe(page, "credentials that failed");
    await page.getByRole("button", { name: "More for Anthropic" }).last().click();
    await page.getByRole("menuitem", { name: "Refresh now" }).click();
    await page.getByText("Its next token did not come.").waitFor({ state: "detached" });
  });

  await step("sign in with a device code, and make an ssh key", async () => {
    await hold("device");
    await page.getByRole("button", { name: "Add credential" }).click();
    await dialog.getByLabel("Provider").selectOption("github-copilot");
    await dialog.getByLabel("How").selectOption("device-code");
    await dialog.getByRole("button", { name: "Sign in with GitHub Copilot" }).click();
    await dialog.getByText("WDJB-MJHT").waitFor();
    await dialog.getByText("Waiting for you to sign in.").waitFor();
    await shot("device-code");
    await axe(page, "device code");
    await letGo("device");
    await page.getByRole("listitem").getByText("GitHub Copilot").first().waitFor();
    await page.getByRole("button", { name: "Add credential" }).click();
    await dialog.getByLabel("Provider").selectOption("ssh");
    await dialog.getByLabel("Name").fill("Deploy key");
    await dialog.getByRole("button", { name: "Make a new key instead" }).click();
    await dialog.getByText("ssh-ed25519").waitFor();
    await shot("ssh-key");
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByText("Deploy key").waitFor();
  });

  await step("private repository with clone options", async () => {
    await page.getByRole("button", { name: "Add a workspace" }).click();
    await dialog.getByLabel("Repository URL").fill("git@git.example.com:team/private.git");
    await dialog.getByLabel("Credential").selectOption({ label: "Deploy key" });
    await dialog.getByText("Clone options").click();
    await dialog.getByLabel("Depth").fill("20");
    await dialog.getByLabel("With submodules").check();
    await shot("clone");
    await axe(page, "clone options");
    await dialog.getByRole("button", { name: "Add workspace" }).click();
    await page.getByRole("heading", { name: "private" }).waitFor();
    const { workspaces } = await (await fetch(`${mock.url}/api/projects/local/workspaces`)).json();
    const made = workspaces.find((each) => each.path.endsWith("private.git"));
    if (made.depth !== 20 || !made.submodules || !made.credentialId) throw new Error(JSON.stringify(made));
  });

  await step("members, an invitation, limits and webhooks", async () => {
    await page.getByRole("button", { name: "Project and account" }).click();
    await page.getByRole("menuitem", { name: "Project" }).click();
    await page.getByLabel("Role of Ada").selectOption("member");
    await page.getByText("Make somebody else an owner first.").waitFor();
    await page.getByLabel("Role of Grace").selectOption("admin");
    await page.getByText("Make somebody else an owner first.").waitFor({ state: "detached" });
    await page.getByLabel("E-mail address").fill("joan@example.com");
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByText("/invite/inv-0123").waitFor();
    await page.getByText("joan@example.com").waitFor();
    await page.getByLabel("Budget").fill("25");
    await page.getByRole("button", { name: "Save limits" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByLabel("Address", { exact: true }).fill("https://example.com/hook");
    await page.getByRole("button", { name: "Add webhook" }).click();
    await page.getByText("whsec_0123456789").waitFor();
    await page.getByRole("button", { name: "Test" }).click();
    await page.getByText("answered 200").waitFor();
    await shot("project");
    await axe(page, "project");
    await page.reload();
    assert.equal(await page.getByLabel("Budget").inputValue(), "25");
    assert.ok(!(await page.content()).includes("whsec_"), "a secret is shown once");
  });

  await step("usage by day, model and session", async () => {
    await page.getByRole("button", { name: "Project and account" }).click();
    await page.getByRole("menuitem", { name: "Usage" }).click();
    await page.getByRole("cell", { name: "$0.41" }).first().waitFor();
    await page.getByRole("button", { name: "By model" }).click();
    await page.getByText("9 of the calls went to models without a known price").waitFor();
    await shot("usage");
    await axe(page, "usage");
  });

  await step("token and logins", async () => {
    await page.getByRole("button", { name: "Project and account" }).click();
    await page.getByRole("menuitem", { name: "Account" }).click();
    await page.getByText("Firefox on Windows").waitFor();
    await page.getByRole("button", { name: "End" }).click();
    await page.getByText("Firefox on Windows").waitFor({ state: "detached" });
    await page.getByLabel("Name of the token").fill("pipeline");
    await page.getByRole("button", { name: "Make token" }).click();
    await page.getByText("slp_0123456789abcdef").waitFor();
    await shot("account");
    await axe(page, "account");
  });

  await step("users, invite codes and audit", async () => {
    await page.getByRole("button", { name: "Project and account" }).click();
    await page.getByRole("menuitem", { name: "Administration" }).click();
    await page.getByRole("button", { name: "Disable" }).last().click();
    await page.getByText("Disabled", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Make code" }).click();
    await page.getByText("INV-ABCD-1234").waitFor();
    await page.getByRole("button", { name: "Show earlier" }).click();
    await page.getByRole("button", { name: "Show earlier" }).waitFor({ state: "detached" });
    assert.equal(await page.getByRole("row").count(), 7);
    await shot("administration");
    await axe(page, "administration");
  });

  await step("login page offers what the server has, and comes back", async () => {
    await hold("login");
    await page.reload();
    const github = page.getByRole("link", { name: "Continue with GitHub" });
    await github.waitFor();
    assert.match(await github.getAttribute("href"), /returnTo=%2Fp%2Flocal%2Fadministration/);
    await page.getByRole("button", { name: "I have an invite code" }).click();
    await page.getByLabel("Invite code").waitFor();
    await page.getByRole("button", { name: "I have an account" }).click();
    await page.getByLabel("User name").fill("ada");
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("The name or the password is wrong.").waitFor();
    await shot("login");
    await axe(page, "login");
    await page.getByLabel("Password").fill("open sesame");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: "Administration" }).waitFor();
    await page.goto(`${mock.url}/invite/used`);
    await page.getByRole("button", { name: "Join the project" }).click();
    await page.getByText("Ask for another one.").waitFor();
    await page.goto(`${mock.url}/invite/inv-0123`);
    await page.getByRole("button", { name: "Join the project" }).click();
    await page.waitForURL("**/p/local");
  });

  await page.context().close();
}
