import { useEffect, useRef, useState } from "react";
import useSWR from "swr";
import { getMe } from "@/features/account/api/me";
import { getAgents } from "@/features/agents/api/get-agents";
import { countRequests } from "@/features/sessions/api/count-requests";
import { getSession } from "@/features/sessions/api/get-session";
import { getSessions } from "@/features/sessions/api/get-sessions";
import { getWorkspaces } from "@/features/workspaces/api/get-workspaces";
import type { Session, SessionStatus, Workspace } from "@/lib/domain";
import { sessionOf } from "@/lib/events";
import { useProjectEvents } from "@/lib/use-project-events";

/** Should an event be lost, the lists are right again after this long. */
const REFRESH = 60_000;

export function useWorkspaces(project: string) {
  const workspaces = useSWR(["workspaces", project], () => getWorkspaces(project), {
    refreshInterval: REFRESH,
  });
  useProjectEvents((event) => {
    if (["workspace_updated", "workspace_removed", "gap"].includes(event.type)) void workspaces.mutate();
  });
  return workspaces;
}

export function useSessions(project: string) {
  const sessions = useSWR(["sessions", project], () => getSessions(project), { refreshInterval: REFRESH });
  useProjectEvents((event) => {
    if (event.type === "session_updated") {
      const id = sessionOf(event);
      // What the event says shows at once; the list that follows is the truth.
      void sessions.mutate(
        (list) => list?.map((each) => (each.id === id ? patched(each, event.data) : each)),
        {
          revalidate: true,
        },
      );
    } else if (event.type === "session_removed") {
      const id = sessionOf(event);
      void sessions.mutate((list) => list?.filter((each) => each.id !== id), { revalidate: true });
    } else if (["turn_finished", "session_applied", "workspace_removed", "gap"].includes(event.type)) {
      void sessions.mutate();
    }
  });
  return sessions;
}

export function useSession(project: string, id: string) {
  const session = useSWR(["session", project, id], () => getSession(project, id), {
    refreshInterval: REFRESH,
  });
  useProjectEvents((event) => {
    const ofThis = sessionOf(event) === id && /^session_|^turn_finished$/.test(event.type);
    if (event.type === "gap" || ofThis) {
      void session.mutate((one) => (one ? patched(one, event.data) : one), { revalidate: true });
    }
  });
  return session;
}

/** Who is logged in; stays unknown where the server does not say. */
export function useMe() {
  return useSWR("me", getMe, { shouldRetryOnError: false, revalidateOnFocus: false });
}

export function useAgents(project: string) {
  return useSWR(["agents", project], () => getAgents(project));
}

function patched(session: Session, data: Record<string, unknown>): Session {
  const status = typeof data.status === "string" ? { status: data.status as SessionStatus } : {};
  if (!("phase" in data) && !("progress" in data) && !("message" in data)) {
    return { ...session, ...status };
  }
  const { phase, progress, message } = data as NonNullable<Session["statusDetail"]>;
  return { ...session, ...status, statusDetail: { phase, progress, message } };
}

/** The sessions that wait for an answer: those found waiting when they were first seen running, then as events tell. */
export function useWaiting(project: string, sessions: readonly Session[] | undefined): ReadonlySet<string> {
  const asked = useRef(new Set<string>());
  const [waiting, setWaiting] = useState<ReadonlySet<string>>(new Set());
  useProjectEvents((event) => {
    const id = sessionOf(event);
    if (id && event.type === "permission_requested") setWaiting((before) => new Set(before).add(id));
    if (id && event.type === "permission_resolved") setWaiting((before) => without(before, id));
  });
  useEffect(() => {
    const running = new Set(sessions?.filter((each) => each.status === "running").map((each) => each.id));
    for (const id of running) {
      if (asked.current.has(id)) continue;
      asked.current.add(id);
      countRequests(project, id)
        .then((waits) => waits > 0 && setWaiting((before) => new Set(before).add(id)))
        // Without an answer the badge says "Running", which is true as well.
        .catch(() => undefined);
    }
    setWaiting((before) => {
      const still = [...before].filter((id) => running.has(id));
      return still.length === before.size ? before : new Set(still);
    });
  }, [project, sessions]);
  return waiting;
}

function without(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return set.has(id) ? new Set([...set].filter((each) => each !== id)) : set;
}

export function workspaceOf(workspaces: readonly Workspace[] | undefined, id: string): Workspace | undefined {
  return workspaces?.find((each) => each.id === id);
}
