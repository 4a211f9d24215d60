import { expect, it } from "vitest";
import { optionsOf, WHOLE } from "./CloneOptions";

it("sends only the clone options that differ from the usual", () => {
  expect(optionsOf(WHOLE)).toEqual({});
  expect(
    optionsOf({ credentialId: "c1", depth: "20", sparse: " src, docs ,", submodules: true, lfs: false }),
  ).toEqual({
    credentialId: "c1",
    depth: 20,
    sparse: ["src", "docs"],
    submodules: true,
  });
  expect(optionsOf({ ...WHOLE, depth: "many" })).toEqual({});
});
