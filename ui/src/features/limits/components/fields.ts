import type { LimitName, Limits } from "../api/limits";

/** A limit as a person thinks of it: its unit, and how many of the API's units that is. */
export interface LimitField {
  name: LimitName;
  label: string;
  unit: string;
  factor: number;
}

export const FIELDS: readonly LimitField[] = [
  { name: "sessions", label: "Sessions", unit: "at a time", factor: 1 },
  { name: "cpus", label: "Processors", unit: "over all sandboxes", factor: 1 },
  { name: "memoryBytes", label: "Memory", unit: "GiB", factor: 1024 ** 3 },
  { name: "diskBytes", label: "Disk", unit: "GiB", factor: 1024 ** 3 },
  { name: "pids", label: "Processes", unit: "over all sandboxes", factor: 1 },
  { name: "idleTimeoutSeconds", label: "Stop when idle", unit: "minutes", factor: 60 },
  { name: "ttlSeconds", label: "Longest life", unit: "hours", factor: 3_600 },
  { name: "budgetUsd", label: "Budget", unit: "US dollars", factor: 1 },
];

export type Typed = Readonly<Partial<Record<LimitName, string>>>;

export function typedOf(limits: Limits): Typed {
  return Object.fromEntries(
    FIELDS.flatMap(({ name, factor }) => {
      const value = limits[name];
      return typeof value === "number" ? [[name, String(Number((value / factor).toFixed(3)))]] : [];
    }),
  );
}

/** What was typed in the API's units; an empty field is no limit. Whole numbers but for processors and dollars. */
export function limitsOf(typed: Typed): Limits {
  return Object.fromEntries(
    FIELDS.flatMap(({ name, factor }) => {
      const text = typed[name]?.trim() ?? "";
      const value = Number(text) * factor;
      if (text === "" || !Number.isFinite(value)) return [];
      return [[name, name === "cpus" || name === "budgetUsd" ? value : Math.round(value)]];
    }),
  );
}
