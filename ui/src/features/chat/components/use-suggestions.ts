import { useEffect, useState } from "react";
import { type Trigger, triggerAt } from "./suggestions";

export interface Suggestion {
  value: string;
  detail?: string;
}

/** Where the suggestions come from; each may fail, and then there are none. */
export interface SuggestionSources {
  commands: () => Promise<Suggestion[]>;
  files: (query: string) => Promise<Suggestion[]>;
}

/** A file's name is looked up once the typing rests for this long. */
const REST = 120;

/** The suggestions for what stands before the caret, and which one is marked. */
export function useSuggestions(text: string, caret: number, sources: SuggestionSources) {
  const trigger = triggerAt(text, caret);
  const key = trigger ? `${trigger.kind}:${trigger.query}` : null;
  const [found, setFound] = useState<{ key: string; list: Suggestion[] } | null>(null);
  const [marked, setMarked] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of the trigger; sources do not change
  useEffect(() => {
    if (!trigger || !key) {
      setDismissed(null);
      return;
    }
    let current = true;
    const timer = setTimeout(
      async () => {
        const list = await lookUp(trigger, sources).catch(() => []);
        if (current) {
          setFound({ key, list });
          setMarked(0);
        }
      },
      trigger.kind === "file" ? REST : 0,
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key]);

  const open = trigger !== null && key !== dismissed && found !== null && sameKind(found.key, key);
  return {
    trigger,
    list: open ? found.list : [],
    marked,
    mark: setMarked,
    dismiss: () => setDismissed(key),
  };
}

async function lookUp(trigger: Trigger, sources: SuggestionSources): Promise<Suggestion[]> {
  if (trigger.kind === "file") {
    return sources.files(trigger.query);
  }
  const query = trigger.query.toLowerCase();
  const all = await sources.commands();
  return all.filter((command) => command.value.toLowerCase().includes(query)).slice(0, 12);
}

/** While the next list is on its way the last one stays, so that it does not flicker. */
function sameKind(one: string, other: string | null): boolean {
  return one.split(":")[0] === other?.split(":")[0];
}
