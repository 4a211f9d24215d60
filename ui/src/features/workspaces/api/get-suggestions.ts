import { request } from "@/lib/http";

/** Folders on the server that begin with what was typed. */
export async function getSuggestions(project: string, typed: string): Promise<string[]> {
  const query = new URLSearchParams({ q: typed, type: "path", limit: "20" });
  const answer: { suggestions?: (string | { path?: string; value?: string })[] } = await request(
    `/api/projects/${project}/suggestions?${query}`,
  );
  return (answer.suggestions ?? []).map((each) =>
    typeof each === "string" ? each : (each.path ?? each.value ?? ""),
  );
}
