import { request } from "@/lib/http";

/** What a project may use at most; what is missing is left to the installation. */
export type Limits = Partial<Record<LimitName, number | null>>;

export type LimitName =
  | "sessions"
  | "cpus"
  | "memoryBytes"
  | "diskBytes"
  | "pids"
  | "idleTimeoutSeconds"
  | "ttlSeconds"
  | "budgetUsd";

export function getLimits(project: string): Promise<Limits> {
  return request(`/api/projects/${project}/limits`);
}

/** Sets all of them; what is missing is no limit. */
export function setLimits(project: string, limits: Limits): Promise<Limits> {
  return request(`/api/projects/${project}/limits`, { method: "PUT", body: limits });
}
