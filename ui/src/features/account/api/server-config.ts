import { request } from "@/lib/http";

/** What has to be known before anybody is logged in. */
export interface ServerConfig {
  version?: string;
  authEnabled?: boolean;
  /** Names such as `github`; empty when only passwords are taken. */
  loginProviders?: string[];
}

export function getServerConfig(): Promise<ServerConfig> {
  return request("/api/server-config");
}

const TITLES: Record<string, string> = { github: "GitHub", google: "Google", oidc: "single sign-on" };

export function providerTitle(provider: string): string {
  return TITLES[provider] ?? provider;
}

/** Where the browser goes to log in; it comes back to `returnTo`. */
export function loginAddress(provider: string, returnTo: string, inviteCode: string): string {
  const query = new URLSearchParams({ returnTo, ...(inviteCode ? { inviteCode } : {}) });
  return `/auth/login/${encodeURIComponent(provider)}?${query}`;
}
