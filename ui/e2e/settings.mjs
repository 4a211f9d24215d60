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

  await page.context().close();
}
