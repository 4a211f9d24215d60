import { afterEach, describe, expect, it, vi } from "vitest";
import { getServices, previewAddress, type Service } from "./get-services";

const service = (more: Partial<Service>): Service => ({ id: "a", name: "A", ...more });

describe("previews", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("lie below /preview, at the service's own first page", () => {
    expect(previewAddress("s1", service({ http: 3000 }))).toBe("/preview/s1/3000/");
    expect(previewAddress("s1", service({ https: 8080, path: "/docs/" }))).toBe("/preview/s1/8080/docs/");
    expect(previewAddress("s1", service({ http: 1, path: "//evil.example" }))).toBe(
      "/preview/s1/1/evil.example",
    );
    expect(previewAddress("s1", service({}))).toBeNull();
  });

  it("are the declared services, then what else listens", async () => {
    const answer = { services: [service({ http: 3000 })], ports: [{ port: 3000 }, { port: 9229 }] };
    vi.stubGlobal("fetch", async () => Response.json(answer));
    const found = await getServices("local", "s1");
    expect(found.map((each) => each.name)).toEqual(["A", "Port 9229"]);
  });
});
