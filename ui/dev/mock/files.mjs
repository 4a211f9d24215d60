import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { problem } from "./http.mjs";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};
/** The policy that the gateway sends; the smoke test fails on any breach of it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src 'none'; base-uri 'none'; form-action 'self'; " +
  "frame-ancestors 'none'; object-src 'none'";

/** Serves the built interface as the gateway does: hashed assets for ever, everything else by index.html. */
export async function serveFile(res, root, pathname) {
  const asset = pathname.startsWith("/assets/");
  const wanted = extname(pathname) ? normalize(pathname) : "/index.html";
  try {
    const body = await readFile(join(root, wanted));
    res.writeHead(200, {
      "content-type": TYPES[extname(wanted)] ?? "application/octet-stream",
      "cache-control": asset ? "public, max-age=31536000, immutable" : "no-cache",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
    });
    res.end(body);
  } catch {
    problem(res, 404, "Not found", `There is no file ${pathname}.`);
  }
}
