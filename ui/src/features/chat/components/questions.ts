import type { Answers } from "../api/answer-request";
import type { DataPart } from "../store/types";

export interface QuestionOption {
  optionId: string;
  name: string;
  description: string;
}

/** One field of a form that the agent wants filled in. */
export interface Question {
  id: string;
  type: "choice" | "multiple" | "string" | "number" | "boolean";
  header: string;
  question: string;
  required: boolean;
  options: QuestionOption[];
}

type Loose = Record<string, unknown>;

/** The questions of a `data-question` part, in either of the two spellings that agents' protocols know. */
export function questionsOf(part: DataPart): Question[] {
  const { questions } = loose(part.data);
  return Array.isArray(questions) ? questions.map(questionOf) : [];
}

function questionOf(each: unknown): Question {
  const { id, type, header, question, required, options, multiSelect } = loose(each);
  const choices = Array.isArray(options) ? options.map(optionOf) : [];
  const kind = String(type ?? "");
  const several = kind === "multiple" || multiSelect === true;
  return {
    id: text(id) || text(question) || text(header),
    type:
      choices.length > 0
        ? several
          ? "multiple"
          : "choice"
        : kind === "boolean"
          ? "boolean"
          : kind === "number" || kind === "integer"
            ? "number"
            : "string",
    header: text(header),
    question: text(question),
    required: required === true,
    options: choices,
  };
}

function optionOf(option: unknown): QuestionOption {
  const { optionId, name, label, description } = loose(option);
  const key = String(optionId ?? label ?? name ?? "");
  return { optionId: key, name: text(name) || text(label) || key, description: text(description) };
}

/** What was filled in so far, as text: options by their ids, a tick as "true". */
export type Filled = Readonly<Record<string, readonly string[]>>;

/** The answers in the types that were asked for; null while something required is missing. */
export function answersOf(questions: readonly Question[], filled: Filled): Answers | null {
  const answers: Answers = {};
  for (const { id, type, required } of questions) {
    const values = (filled[id] ?? []).filter((value) => value.trim() !== "");
    const [first] = values;
    if (type === "boolean") {
      answers[id] = first === "true";
    } else if (first === undefined) {
      if (required) return null;
    } else if (type === "multiple") {
      answers[id] = values;
    } else if (type === "number") {
      if (!Number.isFinite(Number(first))) return null;
      answers[id] = Number(first);
    } else {
      answers[id] = first;
    }
  }
  return Object.keys(answers).length > 0 ? answers : null;
}

/** What was answered, in the words of the form. */
export function saidOf(questions: readonly Question[], answers: unknown): string[] {
  const given = loose(answers);
  return questions.flatMap(({ id, header, question, options }) => {
    const value = given[id];
    if (value === undefined || value === null) return [];
    const words = (Array.isArray(value) ? value : [value]).map(
      (each) => options.find((option) => option.optionId === each)?.name ?? String(each),
    );
    return [`${header || question}: ${words.join(", ")}`];
  });
}

function loose(value: unknown): Loose {
  return value && typeof value === "object" ? (value as Loose) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
