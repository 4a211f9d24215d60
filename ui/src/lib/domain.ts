/** What the public API speaks of, as far as the interface shows it. Unknown fields are ignored. */

export interface Project {
  id: string;
  name: string;
  role?: string;
}

export type WorkspaceStatus = "initializing" | "cloning" | "ready" | "error" | "removing";

export interface Workspace {
  id: string;
  path: string;
  displayName?: string | null;
  sourceType: "local" | "git";
  status: WorkspaceStatus;
  /** How far the clone is, in percent. */
  progress?: number | null;
  errorMessage?: string | null;
  commit?: string | null;
  branch?: string | null;
}

export type SessionStatus =
  | "initializing"
  | "reinitializing"
  | "cloning"
  | "pulling_image"
  | "creating_sandbox"
  | "ready"
  | "running"
  | "stopped"
  | "error"
  | "removing"
  | "removed";

export interface StatusDetail {
  phase?: string | null;
  /** Percent. */
  progress?: number | null;
  message?: string | null;
}

export interface Session {
  id: string;
  workspaceId: string;
  agentId?: string | null;
  name?: string | null;
  displayName?: string | null;
  status: SessionStatus;
  statusDetail?: StatusDetail | null;
  errorMessage?: string | null;
  /** Whether an upgrade would bring a newer sandbox image. */
  updateAvailable?: boolean;
  branch?: string | null;
  baseCommit?: string | null;
  headCommit?: string | null;
  appliedCommit?: string | null;
  model?: string | null;
  mode?: string | null;
  usage?: { inputTokens?: number; outputTokens?: number; costUsd?: number | null } | null;
  createdAt?: string;
  updatedAt?: string;
  lastActivityAt?: string | null;
}

export interface Agent {
  id: string;
  name: string;
  agentType: string;
  description?: string | null;
  systemPrompt?: string | null;
  model?: string | null;
  mode?: string | null;
  permissions?: "ask" | "edits" | "all" | null;
  isDefault?: boolean;
}

export function workspaceTitle(workspace: Workspace): string {
  if (workspace.displayName) {
    return workspace.displayName;
  }
  const last = workspace.path.replace(/\/+$/, "").split(/[/:]/).pop() ?? "";
  return last.replace(/\.git$/, "") || workspace.path;
}

export function sessionTitle(session: Session): string {
  return session.displayName || session.name || "New session";
}

const STARTING: readonly SessionStatus[] = [
  "initializing",
  "reinitializing",
  "cloning",
  "pulling_image",
  "creating_sandbox",
];

/** On its way to `ready`. */
export function isStarting(status: SessionStatus): boolean {
  return STARTING.includes(status);
}
