import { ProblemError, request } from "@/lib/http";
import type { SignInWish } from "./sign-in";

/** Where to sign in with which code; times in seconds. */
export interface DeviceCode {
  deviceCode: string;
  userCode: string;
  verificationUri: string;
  expiresIn: number;
  interval: number;
}

export function beginDeviceCode(
  project: string,
  provider: string,
  wish: SignInWish,
  enterprise: string,
): Promise<DeviceCode> {
  const where = enterprise ? { deploymentType: "enterprise", enterpriseUrl: enterprise } : {};
  return request(`/api/projects/${project}/credentials/${encodeURIComponent(provider)}/device-code`, {
    method: "POST",
    body: { ...wish, ...where },
  });
}

export type PollResult = { done: true } | { done: false; interval: number };

/** Asks whether the user has signed in. Throws when the code expired or the user refused. */
export async function pollDeviceCode(
  project: string,
  provider: string,
  code: DeviceCode,
  interval: number,
): Promise<PollResult> {
  try {
    const answer: { status?: string; interval?: number } = await request(
      `/api/projects/${project}/credentials/${encodeURIComponent(provider)}/poll`,
      { method: "POST", body: { deviceCode: code.deviceCode } },
    );
    return answer.status === "success"
      ? { done: true }
      : { done: false, interval: answer.interval ?? interval };
  } catch (cause) {
    const status = cause instanceof ProblemError ? cause.problem.status : -1;
    // Asked too soon (RFC 8628: five seconds more), or the connection failed for a moment.
    if (status === 429) return { done: false, interval: interval + 5 };
    if (status === 0) return { done: false, interval };
    throw cause;
  }
}
