import type { ToolPart } from "../store/types";

export interface FileDiff {
  path: string;
  oldText: string;
  newText: string;
}

type Loose = Record<string, unknown>;

/** The one line that says what the tool does: its title, or the input's most telling field. */
export function summaryOf(tool: ToolPart): string {
  if (tool.title && tool.title !== tool.toolName) {
    return tool.title;
  }
  const input = loose(tool.input);
  for (const key of [
    "command",
    "cmd",
    "file_path",
    "filePath",
    "path",
    "pattern",
    "query",
    "url",
    "description",
  ]) {
    const value = input[key];
    if (typeof value === "string" && value) return value;
    if (Array.isArray(value)) return value.join(" ");
  }
  return tool.inputText.slice(0, 200);
}

/** The diffs that the agent's protocol gave with the output or, while permission is asked, with the input. */
export function diffsOf(tool: ToolPart): FileDiff[] {
  const output = loose(tool.output);
  const listed = [output.diffs, output.content, loose(tool.input).content].flatMap((each) =>
    Array.isArray(each) ? each : [],
  );
  const found = listed.filter((each) => typeof loose(each).newText === "string").map(diffFrom);
  // Agents say the same change in their content and in their own field.
  const distinct = [...new Map(found.map((diff) => [JSON.stringify(diff), diff])).values()];
  return distinct.length > 0 ? distinct : editOf(loose(tool.input));
}

/** The diffs that a permission request shows of what it asks for. */
export function diffsIn(data: unknown): FileDiff[] {
  const { diffs } = loose(data);
  return Array.isArray(diffs)
    ? diffs.filter((each) => typeof loose(each).newText === "string").map(diffFrom)
    : [];
}

function diffFrom(each: unknown): FileDiff {
  const { path, oldText, newText } = loose(each);
  return {
    path: String(path ?? ""),
    oldText: typeof oldText === "string" ? oldText : "",
    newText: String(newText),
  };
}

/** Edit tools say the same in their input, in two spellings. */
function editOf(input: Loose): FileDiff[] {
  const path = input.file_path ?? input.filePath ?? input.path;
  const oldText = input.old_string ?? input.oldString;
  const newText = input.new_string ?? input.newString;
  return typeof path === "string" && typeof oldText === "string" && typeof newText === "string"
    ? [{ path, oldText, newText }]
    : [];
}

/** Readable text of an input or output: plain text where there is some, else JSON. */
export function readable(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  const texts = textsIn(value);
  return texts.length > 0 ? texts.join("\n") : JSON.stringify(value, null, 2);
}

function textsIn(value: unknown): string[] {
  const { content, rawOutput, output, stdout, stderr, text, exitCode } = loose(value);
  const plain = [text, stdout, stderr, output].filter(
    (each): each is string => typeof each === "string" && each !== "",
  );
  if (plain.length > 0) {
    return typeof exitCode === "number" && exitCode !== 0 ? [...plain, `exit code ${exitCode}`] : plain;
  }
  const inContent = (Array.isArray(content) ? content : []).flatMap((each) => {
    const block = loose(loose(each).content ?? each);
    return typeof block.text === "string" ? [block.text] : [];
  });
  if (inContent.length > 0) {
    return inContent;
  }
  if (typeof rawOutput === "string") {
    return rawOutput ? [rawOutput] : [];
  }
  return rawOutput ? textsIn(rawOutput) : [];
}

function loose(value: unknown): Loose {
  return value && typeof value === "object" ? (value as Loose) : {};
}
