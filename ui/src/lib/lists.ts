import { request } from "./http";

/** Pages that are followed at most; beyond, the interface asks the user to search. */
const PAGES_MAX = 10;

/** Reads a wrapped, paged list (`{"sessions":[…],"nextCursor":…}`) to its end or `PAGES_MAX` pages. */
export async function fetchAll<T>(path: string, name: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = new URLSearchParams({ limit: "200", ...(cursor ? { cursor } : {}) });
    const answer: Record<string, unknown> = await request(`${path}${path.includes("?") ? "&" : "?"}${query}`);
    items.push(...((answer[name] as T[] | undefined) ?? []));
    cursor = (answer.nextCursor as string | null | undefined) ?? null;
    if (!cursor) {
      break;
    }
  }
  return items;
}
