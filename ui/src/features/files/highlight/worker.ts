import { tokensOf } from "./tokens";

/** Colours code away from the page, which stays quick however long the file is. */
self.addEventListener(
  "message",
  async (event: MessageEvent<{ id: number; code: string; language: string }>) => {
    const { id, code, language } = event.data;
    const lines = await tokensOf(code, language).catch(() => []);
    self.postMessage({ id, lines });
  },
);
