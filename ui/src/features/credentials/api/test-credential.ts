import { request } from "@/lib/http";
import { type Credential, credentialPath } from "./get-credentials";

export interface TestResult {
  status: "works" | "refused" | "unreachable";
  detail: string;
}

/** Tries it at its provider with a cheap call. */
export function testCredential(project: string, credential: Credential): Promise<TestResult> {
  return request(`${credentialPath(project, credential)}/test`, { method: "POST", body: {} });
}
