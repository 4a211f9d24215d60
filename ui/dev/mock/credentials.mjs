import { randomUUID } from "node:crypto";
import { bodyOf, json, problem } from "./http.mjs";

const provider = (id, name, hosts, signIn = [], fields = []) => ({ id, name, hosts, signIn, fields });
const PROVIDERS = [
  provider("anthropic", "Anthropic", ["api.anthropic.com"], ["authorize"]),
  provider("openai", "OpenAI", ["api.openai.com"]),
  provider("codex", "Codex", ["chatgpt.com"], ["authorize"]),
  provider("google", "Google", ["generativelanguage.googleapis.com"]),
  provider("github", "GitHub", ["github.com", "api.github.com"], [], ["host"]),
  provider("github-copilot", "GitHub Copilot", ["api.githubcopilot.com"], ["device-code"]),
  provider("ssh", "SSH key", [], [], ["host", "generate"]),
  provider("custom", "Custom", [], [], ["host", "header"]),
];
const titleOf = (id) => PROVIDERS.find((each) => each.id === id)?.name ?? id;

/** `[method, path below …/credentials, handler]`. The code `works` ends a sign-in by browser; a device code is held by `device`. */
export const CREDENTIAL_ROUTES = [
  [
    "GET",
    "",
    ({ state, res }) => json(res, 200, { credentials: [...state.credentials.values()], nextCursor: null }),
  ],
  ["GET", "/providers", ({ res }) => json(res, 200, { providers: PROVIDERS })],
  [
    "POST",
    "",
    async ({ state, req, res }) => {
      const { apiKey, generate, ...rest } = await bodyOf(req);
      if (!generate && (!apiKey || apiKey.length < 8))
        return problem(res, 422, "That is no key", "A key of this provider has at least 8 characters.", {
          errors: [{ field: "apiKey", detail: "is too short" }],
        });
      const secret = generate
        ? { authType: "ssh_key", publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFq slipway" }
        : { authType: "api_key", last4: apiKey.slice(-4) };
      json(res, 200, store(state, { ...rest, ...secret }));
    },
  ],
  [
    "POST",
    "/:c/authorize",
    ({ res }) => json(res, 200, { url: "https://login.example.com/?x=1", state: "s1" }),
  ],
  [
    "POST",
    "/:c/exchange",
    async ({ state, req, res, params }) => {
      const { code, personal, name } = await bodyOf(req);
      if (code !== "works") return problem(res, 422, "The code is wrong", "Copy it again, or begin again.");
      const credential = store(state, {
        provider: params.c,
        name,
        personal,
        authType: "oauth",
        status: "refresh_failed",
        problem: "The provider answered 500.",
      });
      json(res, 200, { success: true, credential });
    },
  ],
  [
    "POST",
    "/:c/device-code",
    ({ res }) =>
      json(res, 200, {
        deviceCode: "d1",
        userCode: "WDJB-MJHT",
        verificationUri: "https://login.example.com/device",
        expiresIn: 900,
        interval: 1,
      }),
  ],
  [
    "POST",
    "/:c/poll",
    ({ state, res, params }) => {
      if (state.held.has("device")) return json(res, 202, { status: "pending", interval: 1 });
      const credential = store(state, {
        provider: params.c,
        name: titleOf(params.c),
        personal: true,
        authType: "oauth",
      });
      json(res, 200, { status: "success", credential });
    },
  ],
  [
    "POST",
    "/:c/test",
    withCredential(({ res, credential }) =>
      json(
        res,
        200,
        credential.authType === "oauth"
          ? { status: "refused", detail: "The provider answered 401." }
          : { status: "works", detail: "The provider answered 200." },
      ),
    ),
  ],
  [
    "POST",
    "/:c/refresh",
    withCredential(({ state, res, credential }) => {
      Object.assign(credential, { status: "active", problem: null });
      state.emit("credential_updated", { credentialId: credential.id });
      json(res, 200, { success: true });
    }),
  ],
  [
    "DELETE",
    "/:c",
    withCredential(({ state, res, credential }) => {
      state.credentials.delete(credential.id);
      json(res, 200, { status: "deleted" });
    }),
  ],
];

/** One for each provider and owner. */
function store(state, draft) {
  const same = [...state.credentials.values()].find(
    (each) => each.provider === draft.provider && each.personal === Boolean(draft.personal),
  );
  const credential = {
    id: same?.id ?? randomUUID(),
    kind: draft.provider,
    status: "active",
    effective: true,
    useCount: 0,
    host: PROVIDERS.find((each) => each.id === draft.provider)?.hosts[0] ?? "",
    ...draft,
    personal: Boolean(draft.personal),
    updatedAt: new Date().toISOString(),
  };
  state.credentials.set(credential.id, credential);
  return credential;
}

function withCredential(handler) {
  return (context) => {
    const credential = context.state.credentials.get(context.params.c);
    return credential
      ? handler({ ...context, credential })
      : problem(context.res, 404, "No such credential", `There is no credential ${context.params.c}.`);
  };
}
