/** What was typed and not sent, kept while its page is away. */
export function readDraft(key: string): string {
  try {
    return sessionStorage.getItem(`slipway.draft.${key}`) ?? "";
  } catch {
    return "";
  }
}

export function writeDraft(key: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(`slipway.draft.${key}`, text);
    else sessionStorage.removeItem(`slipway.draft.${key}`);
  } catch {
    // Without storage the draft lives as long as the page.
  }
}
