import { describe, expect, it } from "vitest";
import { attach, isPicture, TOTAL_MAX } from "./attachments";

describe("attachments", () => {
  it("are read into the message, behind those that are there", async () => {
    const first = await attach([], [new File(["one"], "one.txt", { type: "text/plain" })]);
    const both = await attach(first, [new File(["\u0001"], "", { type: "image/png" })]);
    expect(both.map((file) => file.filename)).toEqual(["one.txt", "pasted.png"]);
    expect(both[0]?.url).toBe(`data:text/plain;base64,${btoa("one")}`);
  });

  it("are refused in words when they are too large or too many", async () => {
    const large = new File([new Uint8Array(TOTAL_MAX + 1)], "large.bin");
    await expect(attach([], [large])).rejects.toThrow("at most 6.7 MiB");
    const many = Array.from({ length: 11 }, (_, i) => new File(["x"], `${i}`));
    await expect(attach([], many)).rejects.toThrow("at most 10 files");
  });

  it("are shown as pictures only when they are in the message", () => {
    expect(isPicture({ mediaType: "image/png", url: "data:image/png;base64,AA==" })).toBe(true);
    expect(isPicture({ mediaType: "image/png", url: "https://evil.example/leak.png" })).toBe(false);
  });
});
