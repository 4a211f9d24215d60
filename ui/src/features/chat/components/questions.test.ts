import { describe, expect, it } from "vitest";
import { answersOf, questionsOf, saidOf } from "./questions";

const part = (questions: unknown[]) =>
  ({ type: "data", name: "question", id: "q1", data: { questions } }) as const;

const FORM = questionsOf(
  part([
    {
      id: "db",
      type: "choice",
      header: "Database",
      required: true,
      options: [
        { optionId: "pg", name: "Postgres" },
        { optionId: "lite", name: "SQLite" },
      ],
    },
    { id: "extras", type: "multiple", options: [{ optionId: "a", name: "A" }] },
    { id: "port", type: "integer", question: "Which port?" },
    { id: "tests", type: "boolean", question: "Tests too?" },
    { id: "why", type: "string", question: "Why?" },
  ]),
);

describe("what an agent asks", () => {
  it("is answered in the types that it asked for", () => {
    const filled = { db: ["pg"], extras: ["a"], port: ["8080"], tests: ["true"], why: [" because "] };
    expect(answersOf(FORM, filled)).toEqual({
      db: "pg",
      extras: ["a"],
      port: 8080,
      tests: true,
      why: " because ",
    });
  });

  it("waits for what is required, and leaves out what is not", () => {
    expect(answersOf(FORM, { why: ["x"] })).toBeNull();
    expect(answersOf(FORM, { db: ["lite"], port: ["x"] })).toBeNull();
    expect(answersOf(FORM, { db: ["lite"] })).toEqual({ db: "lite", tests: false });
  });

  it("may come in the other spelling, by label and multiSelect", () => {
    const [question] = questionsOf(
      part([{ question: "Which?", header: "Pick", multiSelect: true, options: [{ label: "Red" }] }]),
    );
    expect(question).toMatchObject({
      id: "Which?",
      type: "multiple",
      options: [{ optionId: "Red", name: "Red" }],
    });
  });

  it("is told in words once answered", () => {
    expect(saidOf(FORM, { db: "pg", port: 8080 })).toEqual(["Database: Postgres", "Which port?: 8080"]);
  });
});
