import { useNavigate } from "react-router";
import { PANELS } from "@/app/panels";
import { sessionPath, workspacePath } from "@/app/paths";
import { useSessions, useWorkspaces, workspaceOf } from "@/app/project-data";
import { sessionTitle, workspaceTitle } from "@/lib/domain";
import type { PaletteItem } from "./match";

const PAGES: [path: string, label: string][] = [
  ["", "Start"],
  ["agents", "Agents"],
  ["credentials", "Credentials"],
  ["project", "Project: members, limits, webhooks"],
  ["usage", "Usage and cost"],
  ["account", "Account: API tokens, logins"],
];

/** What the palette offers: the open session's panels, the other sessions, workspaces and pages. */
export function usePaletteItems(project: string, session: string | null): PaletteItem[] {
  const navigate = useNavigate();
  const sessions = useSessions(project).data ?? [];
  const workspaces = useWorkspaces(project).data ?? [];
  const open = sessions.find((each) => each.id === session);
  const go = (path: string) => () => void navigate(path);
  const panels = open
    ? PANELS.map(({ panel, label }) => ({
        id: `panel-${panel}`,
        label,
        group: "This session",
        run: go(`${sessionPath(project, open.workspaceId, open.id)}?panel=${panel}`),
      }))
    : [];
  const at = (one: { lastActivityAt?: string | null; createdAt?: string }) =>
    one.lastActivityAt ?? one.createdAt ?? "";
  return [
    ...panels,
    ...sessions
      .filter((each) => each !== open && each.status !== "removed")
      .toSorted((a, b) => at(b).localeCompare(at(a)))
      .map((each) => {
        const workspace = workspaceOf(workspaces, each.workspaceId);
        return {
          id: `session-${each.id}`,
          label: sessionTitle(each),
          group: "Session",
          detail: workspace ? workspaceTitle(workspace) : "",
          run: go(sessionPath(project, each.workspaceId, each.id)),
        };
      }),
    ...workspaces.map((each) => ({
      id: `workspace-${each.id}`,
      label: `New session in ${workspaceTitle(each)}`,
      group: "Workspace",
      run: go(workspacePath(project, each.id)),
    })),
    ...PAGES.map(([path, label]) => ({
      id: `page-${path}`,
      label,
      group: "Page",
      run: go(`/p/${project}${path ? `/${path}` : ""}`),
    })),
  ];
}
