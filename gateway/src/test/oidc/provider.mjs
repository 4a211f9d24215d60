// A certified OpenID Provider (oidc-provider) with one confidential client, for the gateway's login tests. Its login page asks
// nothing: whoever is named in the cookie "test-user" is logged in, "nobody" says no. The first line of output is the issuer.
import http from "node:http";
import Provider from "oidc-provider";

const [clientId, clientSecret, redirectUri] = process.argv.slice(2);

const server = http.createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const users = {
  ada: { email: "ada@example.com", email_verified: true, preferred_username: "ada", name: "Ada Lovelace" },
  bob: { email: "bob@example.com", email_verified: false, preferred_username: "bob", name: "Bob" },
};

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  claims: {
    openid: ["sub"],
    email: ["email", "email_verified"],
    profile: ["name", "preferred_username"],
  },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  pkce: { methods: ["S256"], required: () => true },
  cookies: { keys: ["a key of the tests"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...(users[id] ?? { email: `${id}@example.com`, email_verified: true }) }),
  }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
});

const callback = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) {
    callback(request, response);
    return;
  }
  const { params, prompt } = await provider.interactionDetails(request, response);
  const user = /test-user=([a-z0-9-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "nobody";
  if (user === "nobody") {
    await provider.interactionFinished(request, response, { error: "access_denied", error_description: "said no" });
    return;
  }
  const grant = new provider.Grant({ accountId: user, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const grantId = await grant.save();
  await provider.interactionFinished(request, response, { login: { accountId: user }, consent: { grantId } });
});

console.log(issuer);
process.stdin.on("end", () => process.exit(0)).resume();
