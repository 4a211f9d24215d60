/** File name endings, and whole names, of the languages that are coloured; anything else is plain text. */
const LANGUAGES: Record<string, string> = {
  java: "java",
  kt: "kotlin",
  kts: "kotlin",
  ts: "typescript",
  mts: "typescript",
  cts: "typescript",
  tsx: "tsx",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "jsx",
  json: "json",
  jsonc: "json",
  py: "python",
  go: "go",
  rs: "rust",
  c: "c",
  h: "c",
  cc: "cpp",
  cpp: "cpp",
  hpp: "cpp",
  rb: "ruby",
  php: "php",
  sh: "shellscript",
  bash: "shellscript",
  zsh: "shellscript",
  sql: "sql",
  css: "css",
  html: "html",
  vue: "html",
  xml: "xml",
  svg: "xml",
  md: "markdown",
  yaml: "yaml",
  yml: "yaml",
  toml: "toml",
  gradle: "groovy",
  groovy: "groovy",
  properties: "properties",
  dockerfile: "docker",
};

/** The language of a file by its name; null when none is known. */
export function languageOf(path: string): string | null {
  const name = (path.split("/").pop() ?? "").toLowerCase();
  const ending = name.includes(".") ? (name.split(".").pop() ?? "") : name;
  return LANGUAGES[ending] ?? null;
}
