import { expect, it } from "vitest";
import { matching } from "./match";

const item = (label: string, group = "Page", detail?: string) => ({
  id: label,
  label,
  group,
  run: () => undefined,
  ...(detail ? { detail } : {}),
});
const ITEMS = [
  item("Let the greeting take a name", "Session", "greeter"),
  item("Agents"),
  item("Greet in German", "Session"),
];
const found = (typed: string) => matching(ITEMS, typed).map(({ label }) => label);

it("shows everything in its order when nothing was typed", () => {
  expect(found("  ")).toEqual(ITEMS.map(({ label }) => label));
});

it("puts what begins with the word first", () => {
  expect(found("gree")).toEqual(["Greet in German", "Let the greeting take a name"]);
});

it("wants every word, in the label, its kind or its detail", () => {
  expect(found("session greeter")).toEqual(["Let the greeting take a name"]);
  expect(found("agents xyz")).toEqual([]);
});
