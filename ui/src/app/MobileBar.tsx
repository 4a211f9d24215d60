import { useShell } from "./ProjectShell";

/** The way to the sidebar on a narrow screen; elsewhere there is no need for it. */
export function MobileBar({ title }: { title: string }) {
  const { menuButton } = useShell();
  return (
    <div className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-2 md:hidden">
      {menuButton}
      <p className="truncate font-semibold">{title}</p>
    </div>
  );
}
