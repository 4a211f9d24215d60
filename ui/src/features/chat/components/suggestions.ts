/** What is being typed: a command at the message's beginning, or a file behind an @. */
export interface Trigger {
  kind: "command" | "file";
  /** What stands behind the sign so far. */
  query: string;
  /** Where the sign stands, and where the typed word ends. */
  from: number;
  to: number;
}

/** The trigger at the caret, if there is one. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret);
  const command = /^\/([\w:.-]*)$/.exec(before);
  if (command) {
    return { kind: "command", query: command[1] ?? "", from: 0, to: caret };
  }
  const file = /(?:^|\s)@([^\s@]*)$/.exec(before);
  const query = file?.[1];
  return query === undefined ? null : { kind: "file", query, from: caret - query.length - 1, to: caret };
}

/** The text with what was chosen in place of what was typed, and where the caret goes. */
export function completed(text: string, trigger: Trigger, choice: string): { text: string; caret: number } {
  const word = `${trigger.kind === "command" ? "/" : "@"}${choice} `;
  const rest = text.slice(trigger.to).replace(/^ /, "");
  return { text: text.slice(0, trigger.from) + word + rest, caret: trigger.from + word.length };
}
