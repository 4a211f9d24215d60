import { describe, expect, it } from "vitest";
import { previewAddress } from "./get-services";

describe("a preview's address", () => {
  it("lies below /preview, at the service's own first page", () => {
    expect(previewAddress("s1", { port: 3000 })).toBe("/preview/s1/3000/");
    expect(previewAddress("s1", { http: 8080, urlPath: "/docs/" })).toBe("/preview/s1/8080/docs/");
  });

  it("is the server's when previews have an origin of their own", () => {
    expect(previewAddress("s1", { port: 1, url: "https://s1-1.preview.example.com/" })).toBe(
      "https://s1-1.preview.example.com/",
    );
  });

  it("is never a script, another scheme or another host in disguise", () => {
    expect(previewAddress("s1", { port: 1, url: "javascript:alert(1)" })).toBe("/preview/s1/1/");
    expect(previewAddress("s1", { port: 1, url: "//evil.example" })).toBe("/preview/s1/1/");
    expect(previewAddress("s1", { name: "worker" })).toBeNull();
  });
});
