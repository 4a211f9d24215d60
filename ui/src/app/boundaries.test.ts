import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const SRC = join(import.meta.dirname, "..");
const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.tsx?$/.test(name),
);

/** What a file imports from `@/…`, as `[file, import]`. */
const imports = sources.flatMap((name) =>
  [...readFileSync(join(SRC, name), "utf8").matchAll(/from "@\/([^"]+)"/g)].map(
    (match) => [name, match[1] ?? ""] as const,
  ),
);

it("features import neither each other nor the app, which composes them", () => {
  const feature = (path: string) => /^features\/([^/]+)/.exec(path)?.[1];
  const broken = imports.filter(([file, target]) => {
    const own = feature(file);
    return own && (target.startsWith("app/") || (feature(target) && feature(target) !== own));
  });
  expect(imports.length).toBeGreaterThan(50);
  expect(broken).toEqual([]);
});

it("the shared parts know no feature", () => {
  const broken = imports.filter(
    ([file, target]) => /^(lib|components)\//.test(file) && /^(features|app)\//.test(target),
  );
  expect(broken).toEqual([]);
});
