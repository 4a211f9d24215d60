import { Marked, type Token } from "marked";

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    // Shown as what it is instead of being fetched; see `sanitize`.
    image: ({ href, text }) => `<a href="${escapeAttribute(href)}">${escapeAttribute(text || "image")}</a>`,
    // Raw HTML of an agent is nearly always meant as text, like a type's parameter `List<String>`.
    html: ({ text }) => escapeAttribute(text),
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
});

export type Block =
  | { kind: "code"; raw: string; language: string; code: string }
  | { kind: "html"; raw: string };

/** Top-level blocks; while text streams in, all but the last stay as they were, so that only that one renders again. */
export function blocksOf(markdown: string): Block[] {
  return marked
    .lexer(markdown)
    .filter((token) => token.type !== "space" && token.type !== "def")
    .map((token) => (token.type === "code" ? codeBlock(token) : { kind: "html", raw: token.raw }));
}

/** Unsanitised: only `sanitize` may take it. */
export function htmlOf(raw: string): string {
  return marked.parse(raw, { async: false });
}

function codeBlock(token: Token): Block {
  const { raw, lang, text } = token as Token & { lang?: string; text: string };
  return { kind: "code", raw, language: (lang ?? "").split(/\s/)[0] ?? "", code: text };
}

function escapeAttribute(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
