import { clsx } from "clsx";
import { Menu as MenuIcon } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Outlet, useLocation, useMatch, useOutletContext, useParams } from "react-router";
import { IconButton } from "@/components/Button";
import { LoginPage } from "@/features/account/components/LoginPage";
import { ProjectEvents } from "@/lib/events";
import { ProjectEventsContext } from "@/lib/use-project-events";
import { Palette } from "./palette/Palette";
import { useShortcut } from "./palette/use-shortcut";
import { Sidebar } from "./Sidebar";
import { useSignedOut } from "./use-signed-out";

interface ShellContext {
  /** Opens the sidebar where it is not always in sight. */
  menuButton: React.ReactNode;
}

/** The frame of a project: the sidebar, the project's one event stream, and the screen. */
export function ProjectShell() {
  const { project = "" } = useParams();
  const { pathname } = useLocation();
  const [events, setEvents] = useState<ProjectEvents | null>(null);
  const [connected, setConnected] = useState(true);
  const [open, setOpen] = useState(false);
  const signedOut = useSignedOut();
  const session = useMatch("/p/:project/w/:workspace/s/:session")?.params.session ?? null;
  const [palette, setPalette] = useState(false);
  useShortcut(useCallback(() => setPalette(true), []));

  useEffect(() => {
    const opened = new ProjectEvents(project, setConnected);
    setEvents(opened);
    return () => opened.close();
  }, [project]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever chose a screen wants to see it
  useEffect(() => setOpen(false), [pathname]);

  if (signedOut) {
    return <LoginPage />;
  }
  const menuButton = (
    <IconButton label="Workspaces and sessions" className="md:hidden" onClick={() => setOpen(true)}>
      <MenuIcon aria-hidden className="size-5" />
    </IconButton>
  );
  return (
    <ProjectEventsContext value={events}>
      <a
        href="#main"
        className="sr-only z-50 rounded-lg bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <div className="flex h-full">
        {open && (
          <button
            type="button"
            aria-label="Close the menu"
            className="fixed inset-0 z-30 bg-black/50 md:hidden"
            onClick={() => setOpen(false)}
          />
        )}
        <div
          className={clsx(
            "z-40 flex h-full w-72 shrink-0 flex-col border-e border-line bg-surface max-md:fixed max-md:inset-y-0 max-md:left-0 max-md:w-[min(20rem,85vw)] max-md:shadow-2xl",
            !open && "max-md:hidden",
          )}
        >
          <Sidebar project={project} connected={connected} onPalette={() => setPalette(true)} />
        </div>
        <main id="main" className="flex min-w-0 flex-1 flex-col">
          <Outlet context={{ menuButton } satisfies ShellContext} />
        </main>
        {palette && <Palette project={project} session={session} onClose={() => setPalette(false)} />}
      </div>
    </ProjectEventsContext>
  );
}

export function useShell(): ShellContext {
  return useOutletContext<ShellContext>();
}
