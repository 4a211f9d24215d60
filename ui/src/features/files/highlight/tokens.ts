import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import { GRAMMARS } from "./grammars";

/** A piece of a line: its text and its kind, which is a class `tok-KIND`; an empty kind is plain text. */
export type Token = [text: string, kind: string];

/** Milliseconds for one line. The first line of a language pays for its grammar, which takes its time on a busy machine. */
const LINE_TIME_MAX = 5_000;

const theme = createCssVariablesTheme({ name: "kinds", variablePrefix: "--tok-" });
let highlighter: Promise<HighlighterCore> | null = null;

/** Cuts code into lines of coloured pieces. */
export async function tokensOf(code: string, language: string): Promise<Token[][]> {
  highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const ready = await highlighter;
  const grammar = GRAMMARS[language];
  if (!grammar) {
    return [];
  }
  if (!ready.getLoadedLanguages().includes(language)) {
    await ready.loadLanguage(grammar);
  }
  const lines = ready.codeToTokensBase(code, {
    lang: language,
    theme: "kinds",
    tokenizeMaxLineLength: 5_000,
    tokenizeTimeLimit: LINE_TIME_MAX,
  });
  return lines.map((line) => line.map((token) => [token.content, kindOf(token.color)]));
}

/** `var(--tok-token-string)` is kind `string`. */
function kindOf(colour: string | undefined): string {
  return /^var\(--tok-token-([a-z-]+)\)$/.exec(colour ?? "")?.[1] ?? "";
}
