import { useEffect, useState } from "react";
import { languageOf } from "./languages";
import type { Token } from "./tokens";

/** Longer files stay plain: nobody reads them by their colours. */
const LENGTH_MAX = 500_000;

let worker: Worker | null = null;
let last = 0;

/** The file's coloured lines once they are there; null until then, and for what is not coloured. */
export function useHighlight(path: string, code: string): Token[][] | null {
  const [found, setFound] = useState<{ code: string; lines: Token[][] } | null>(null);
  useEffect(() => {
    const language = languageOf(path);
    if (!language || code.length > LENGTH_MAX || typeof Worker === "undefined") {
      return;
    }
    worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    const id = ++last;
    const answered = (event: MessageEvent<{ id: number; lines: Token[][] }>) => {
      if (event.data.id === id && event.data.lines.length > 0) setFound({ code, lines: event.data.lines });
    };
    worker.addEventListener("message", answered);
    worker.postMessage({ id, code, language });
    return () => worker?.removeEventListener("message", answered);
  }, [path, code]);
  return found?.code === code ? found.lines : null;
}
