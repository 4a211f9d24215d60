import { AppWindow, FileDiff, FolderTree, type LucideIcon, ShieldCheck, SquareTerminal } from "lucide-react";
import type { Panel } from "./paths";

/** What can stand beside a session's conversation, in the order of its buttons. */
export const PANELS: readonly { panel: Panel; label: string; Icon: LucideIcon }[] = [
  { panel: "changes", label: "Changes", Icon: FileDiff },
  { panel: "files", label: "Files", Icon: FolderTree },
  { panel: "terminal", label: "Terminal", Icon: SquareTerminal },
  { panel: "previews", label: "Previews", Icon: AppWindow },
  { panel: "egress", label: "Egress", Icon: ShieldCheck },
];

/** The panel that an address names; `diff` is an older name of the changes. */
export function panelOf(value: string | null): Panel | null {
  const name = value === "diff" ? "changes" : value;
  return PANELS.find(({ panel }) => panel === name)?.panel ?? null;
}
