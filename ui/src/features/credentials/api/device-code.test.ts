import { afterEach, describe, expect, it, vi } from "vitest";
import { pollDeviceCode } from "./device-code";

const CODE = {
  deviceCode: "d",
  userCode: "ABCD-1234",
  verificationUri: "https://x",
  expiresIn: 900,
  interval: 5,
};
const poll = () => pollDeviceCode("local", "github-copilot", CODE, 5);
const answers = (status: number, body: unknown) =>
  vi.stubGlobal("fetch", async () => Response.json(body, { status }));

describe("asking whether somebody signed in", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("goes on while it is pending, at the pace that the server wants", async () => {
    answers(202, { status: "pending", interval: 7 });
    expect(await poll()).toEqual({ done: false, interval: 7 });
  });

  it("slows down when told so", async () => {
    answers(429, { title: "slow_down", status: 429 });
    expect(await poll()).toEqual({ done: false, interval: 10 });
  });

  it("goes on after a connection that failed", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
    expect(await poll()).toEqual({ done: false, interval: 5 });
  });

  it("ends when it succeeded, expired or was refused", async () => {
    answers(200, { status: "success" });
    expect(await poll()).toEqual({ done: true });
    answers(410, { detail: "The code expired." });
    await expect(poll()).rejects.toThrow("The code expired.");
    answers(403, { detail: "The sign-in was refused." });
    await expect(poll()).rejects.toThrow("refused");
  });
});
