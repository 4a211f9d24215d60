import { createContext, useContext, useEffect, useRef } from "react";
import type { ProjectEvent, ProjectEvents } from "./events";

/** The open project's events; `app/` provides it. */
export const ProjectEventsContext = createContext<ProjectEvents | null>(null);

/** Calls the newest `listener` for each of the project's events. */
export function useProjectEvents(listener: (event: ProjectEvent) => void): void {
  const events = useContext(ProjectEventsContext);
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => events?.subscribe((event) => newest.current(event)), [events]);
}
