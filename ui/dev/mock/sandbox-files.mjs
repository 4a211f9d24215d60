import { bodyOf, json, problem } from "./http.mjs";

const GREETER = `package app;

import java.util.Objects;

/** Says hello. */
final class Greeter {
    private static final int LENGTH_MAX = 80;

    /** Greets {@code name}, or the world when there is none. */
    String greet(String name) {
        if (name.isBlank()) {
            return "Hello, world";
        }
        return "Hello, " + Objects.requireNonNull(name); // never null
    }
}
`;
const LOGO =
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAFElEQVR42mMQSrn2Hx9mGBkKAAAAAP//8gYDAPiXmUcAAAAASUVORK5CYII=";

/** A session's files: a path to its text, or to `{base64}`. */
export function newFiles() {
  const files = new Map([
    [".gitignore", "/target/\n"],
    ["README.md", "# Greeter\n\nSays **hello**.\n"],
    ["pom.xml", "<project>\n  <artifactId>greeter</artifactId>\n</project>\n"],
    ["docs/greeting.md", "How we greet.\n"],
    ["docs/logo.png", { base64: LOGO }],
    ["src/main/java/app/Greeter.java", GREETER],
    ["src/test/java/app/GreeterTest.java", "package app;\n\nclass GreeterTest {}\n"],
  ]);
  for (let i = 0; i < 3_000; i++) files.set(`generated/part-${String(i).padStart(4, "0")}.txt`, `${i}\n`);
  return files;
}

export const FILE_ROUTES = [
  ["GET", "/files", list],
  ["GET", "/files/search", search],
  ["GET", "/files/read", read],
  ["PUT", "/files/write", write],
];

const sizeOf = (content) =>
  typeof content === "string" ? Buffer.byteLength(content) : Buffer.from(content.base64, "base64").length;

function list({ res, url, files }) {
  const asked = url.searchParams.get("path") ?? ".";
  const folder = asked === "." ? "" : `${asked}/`;
  const hidden = url.searchParams.get("hidden") === "true";
  const entries = new Map();
  for (const [path, content] of files) {
    if (!path.startsWith(folder)) continue;
    const [name, ...below] = path.slice(folder.length).split("/");
    if (name.startsWith(".") && !hidden) continue;
    entries.set(
      name,
      below.length > 0 ? { name, type: "directory" } : { name, type: "file", size: sizeOf(content) },
    );
  }
  if (entries.size === 0 && folder)
    return problem(res, 404, "No such folder", `There is no folder ${asked}.`);
  const sorted = [...entries.values()].sort(
    (a, b) => a.type.localeCompare(b.type) || a.name.localeCompare(b.name),
  );
  json(res, 200, { path: asked, entries: sorted });
}

function search({ res, url, files }) {
  const query = url.searchParams.get("q") ?? "";
  const limit = Number(url.searchParams.get("limit") ?? 50);
  const results = [...files.keys()]
    .filter((path) => path.toLowerCase().includes(query.toLowerCase()))
    .slice(0, limit)
    .map((path) => ({ path, type: "file", score: 1 }));
  json(res, 200, { query, results });
}

function read({ res, url, files }) {
  const path = url.searchParams.get("path");
  const content = files.get(path);
  if (content === undefined) return problem(res, 404, "No such file", `There is no file ${path}.`);
  const text = typeof content === "string";
  json(res, 200, {
    path,
    content: text ? content : content.base64,
    encoding: text ? "utf8" : "base64",
    size: sizeOf(content),
  });
}

async function write({ req, res, files }) {
  const { path, content } = await bodyOf(req);
  files.set(path, content);
  json(res, 200, { path, size: sizeOf(content) });
}
