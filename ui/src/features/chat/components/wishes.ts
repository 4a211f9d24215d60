import type { Wish } from "../store/draft";

/** How the agent of a session is to work, as chosen in this browser; it goes with each message. */
export function readWish(session: string): Wish {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(`slipway.wish.${session}`) ?? "{}");
    return kept && typeof kept === "object" ? (kept as Wish) : {};
  } catch {
    return {};
  }
}

export function writeWish(session: string, wish: Wish): void {
  try {
    if (Object.keys(wish).length > 0) localStorage.setItem(`slipway.wish.${session}`, JSON.stringify(wish));
    else localStorage.removeItem(`slipway.wish.${session}`);
  } catch {
    // Without storage the choice lives as long as the page.
  }
}
