import { randomUUID } from "node:crypto";
import { bodyOf, json, problem } from "./http.mjs";

const P = "/api/projects/:p";
const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

/** What the mock knows of people. Holding `login` makes it ask for one; the password is `open sesame`. */
const people = {
  members: [
    { userId: "u1", name: "Ada", email: "ada@example.com", role: "owner" },
    { userId: "u2", name: "Grace", email: "grace@example.com", role: "member" },
  ],
  invitations: [],
  limits: { sessions: 10, memoryBytes: 8 * 1024 ** 3 },
  webhooks: [],
  tokens: [],
  logins: [
    {
      id: "l1",
      provider: "password",
      userAgent: "Chrome/129.0 (Linux)",
      address: "127.0.0.1",
      current: true,
    },
    {
      id: "l2",
      provider: "github",
      userAgent: "Firefox/130.0 (Windows)",
      address: "192.0.2.7",
      current: false,
    },
  ].map((login) => ({ ...login, createdAt: new Date().toISOString() })),
  users: [
    {
      id: "u1",
      username: "ada",
      email: "ada@example.com",
      displayName: "Ada",
      role: "admin",
      disabled: false,
    },
    {
      id: "u2",
      username: "grace",
      email: "grace@example.com",
      displayName: "Grace",
      role: "user",
      disabled: false,
    },
  ],
  codes: [],
};

const USAGE = {
  day: [0, 1, 2].map((ago) => ({
    day: day(ago),
    calls: 12 + ago,
    inputTokens: 90_000,
    outputTokens: 7_000,
    costUsd: "0.41",
  })),
  model: [
    { model: "large", calls: 30, inputTokens: 250_000, outputTokens: 20_000, costUsd: "1.20" },
    { model: "local", calls: 9, unpricedCalls: 9, inputTokens: 20_000, outputTokens: 1_000, costUsd: "0" },
  ],
  session: [{ sessionId: "gone", calls: 39, inputTokens: 270_000, outputTokens: 21_000, costUsd: "1.20" }],
};

const list =
  (name, of) =>
  ({ res }) =>
    json(res, 200, { [name]: of(), nextCursor: null });
const gone = (res) => res.writeHead(204).end();
const without = (all, id) =>
  all.splice(
    all.findIndex((each) => each.id === id),
    1,
  );

export const PEOPLE_ROUTES = [
  [
    "GET",
    "/api/server-config",
    ({ state, res }) =>
      json(res, 200, {
        authEnabled: state.held.has("login"),
        loginProviders: state.held.has("login") ? ["github", "oidc"] : [],
      }),
  ],
  [
    "GET",
    "/auth/me",
    ({ res }) =>
      json(res, 200, { id: "u1", username: "ada", name: "Ada", provider: "password", systemAdmin: true }),
  ],
  [
    "POST",
    "/auth/login",
    async ({ state, req, res }) => {
      const { password } = await bodyOf(req);
      if (password !== "open sesame")
        return problem(res, 401, "Not logged in", "The name or the password is wrong.");
      state.held.delete("login");
      json(res, 200, { user: { id: "u1" } });
    },
  ],
  ["GET", "/auth/sessions", list("sessions", () => people.logins)],
  ["DELETE", "/auth/sessions/:id", ({ res, params }) => [without(people.logins, params.id), gone(res)]],
  ["GET", "/api/tokens", list("tokens", () => people.tokens)],
  [
    "POST",
    "/api/tokens",
    async ({ req, res }) => {
      const token = { id: randomUUID(), ...(await bodyOf(req)), createdAt: new Date().toISOString() };
      people.tokens.push(token);
      json(res, 201, { ...token, token: "slp_0123456789abcdef" });
    },
  ],
  ["DELETE", "/api/tokens/:id", ({ res, params }) => [without(people.tokens, params.id), gone(res)]],
  ["GET", `${P}/members`, list("members", () => people.members)],
  [
    "PUT",
    `${P}/members/:id`,
    async ({ req, res, params }) => {
      if (params.id === "u1")
        return problem(res, 409, "The last owner stays", "Make somebody else an owner first.");
      people.members.find((each) => each.userId === params.id).role = (await bodyOf(req)).role;
      gone(res);
    },
  ],
  ["GET", `${P}/invitations`, list("invitations", () => people.invitations)],
  [
    "POST",
    `${P}/invitations`,
    async ({ req, res }) => {
      const invitation = { id: randomUUID(), ...(await bodyOf(req)), expiresAt: later(7) };
      people.invitations.push(invitation);
      json(res, 201, { ...invitation, token: "inv-0123" });
    },
  ],
  [
    "DELETE",
    `${P}/invitations/:id`,
    ({ res, params }) => [without(people.invitations, params.id), gone(res)],
  ],
  [
    "POST",
    "/api/invitations/:token/accept",
    ({ res, params }) =>
      params.token === "inv-0123"
        ? json(res, 200, { projectId: "local", userId: "u1", role: "member" })
        : problem(res, 410, "The invitation was used", "Ask for another one."),
  ],
  ["GET", `${P}/limits`, ({ res }) => json(res, 200, people.limits)],
  [
    "PUT",
    `${P}/limits`,
    async ({ req, res }) => {
      people.limits = await bodyOf(req);
      json(res, 200, people.limits);
    },
  ],
  ["GET", `${P}/webhooks`, list("webhooks", () => people.webhooks)],
  [
    "POST",
    `${P}/webhooks`,
    async ({ req, res }) => {
      const webhook = { id: randomUUID(), ...(await bodyOf(req)) };
      people.webhooks.push(webhook);
      json(res, 201, { ...webhook, secret: "whsec_0123456789" });
    },
  ],
  ["DELETE", `${P}/webhooks/:id`, ({ res, params }) => [without(people.webhooks, params.id), gone(res)]],
  ["POST", `${P}/webhooks/:id/test`, ({ res }) => json(res, 202, { deliveryId: "d1" })],
  [
    "GET",
    `${P}/webhooks/:id/deliveries`,
    list("deliveries", () => [
      {
        id: "d1",
        type: "ping",
        state: "delivered",
        attempts: 1,
        lastStatus: 200,
        createdAt: new Date().toISOString(),
      },
    ]),
  ],
  [
    "GET",
    "/api/usage",
    ({ res, url }) => json(res, 200, { usage: USAGE[url.searchParams.get("by") ?? "day"], nextCursor: null }),
  ],
  ["GET", "/api/admin/users", list("users", () => people.users)],
  [
    "PATCH",
    "/api/admin/users/:id",
    async ({ req, res, params }) => {
      const user = Object.assign(
        people.users.find((each) => each.id === params.id),
        await bodyOf(req),
      );
      json(res, 200, user);
    },
  ],
  ["GET", "/api/admin/invite-codes", list("inviteCodes", () => people.codes)],
  [
    "POST",
    "/api/admin/invite-codes",
    async ({ req, res }) => {
      const { maxUses, note } = await bodyOf(req);
      const code = { id: randomUUID(), note, maxUses, usesRemaining: maxUses, valid: true };
      people.codes.push(code);
      json(res, 201, { ...code, code: "INV-ABCD-1234" });
    },
  ],
  [
    "POST",
    "/api/admin/invite-codes/:id/revoke",
    ({ res, params }) => {
      people.codes.find((each) => each.id === params.id).valid = false;
      json(res, 200, {});
    },
  ],
  [
    "GET",
    "/api/admin/audit",
    ({ res, url }) => {
      const entries = Array.from({ length: 3 }, (_, i) => ({
        id: `${url.searchParams.get("cursor") ?? "a"}${i}`,
        at: new Date().toISOString(),
        actorName: "ada",
        action: i === 1 ? "login" : "DELETE",
        target: `/api/projects/local/sessions/s${i}`,
        address: "127.0.0.1",
        outcome: i === 1 ? "refused" : "done",
        status: i === 1 ? 401 : 204,
      }));
      json(res, 200, { entries, nextCursor: url.searchParams.get("cursor") ? null : "b" });
    },
  ],
];
