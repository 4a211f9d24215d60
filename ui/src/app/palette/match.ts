/** Something that the palette can do or go to. */
export interface PaletteItem {
  id: string;
  label: string;
  /** Of what kind it is: "Session", "Page"… */
  group: string;
  detail?: string;
  run: () => void;
}

const SHOWN_MAX = 30;

/** The items whose words begin with, or contain, all that was typed; the best first, otherwise in their own order. */
export function matching(items: readonly PaletteItem[], typed: string): PaletteItem[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return items
    .map((item) => ({ item, score: scoreOf(item, words) }))
    .filter(({ score }) => score !== null)
    .toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .slice(0, SHOWN_MAX)
    .map(({ item }) => item);
}

/** Null when a word is nowhere; a word at a label's beginning counts most, then at a word's, then anywhere. */
function scoreOf(item: PaletteItem, words: readonly string[]): number | null {
  const label = item.label.toLowerCase();
  const all = `${label} ${item.group} ${item.detail ?? ""}`.toLowerCase();
  let score = 0;
  for (const word of words) {
    if (!all.includes(word)) return null;
    score += label.startsWith(word)
      ? 3
      : label.split(/[^a-z0-9]+/).some((each) => each.startsWith(word))
        ? 2
        : 1;
  }
  return score;
}
