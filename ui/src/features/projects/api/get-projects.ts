import type { Project } from "@/lib/domain";
import { fetchAll } from "@/lib/lists";

export function getProjects(): Promise<Project[]> {
  return fetchAll("/api/projects", "projects");
}
