import { clsx } from "clsx";
import type { SessionStatus } from "@/lib/domain";
import { statusLook } from "./status";

interface StatusBadgeProps {
  status: SessionStatus;
  needsAnswer?: boolean;
  /** Only the icon is seen; the word is still read out. */
  compact?: boolean;
}

export function StatusBadge({ status, needsAnswer = false, compact = false }: StatusBadgeProps) {
  const { label, Icon, colour, spins } = statusLook(status, needsAnswer);
  return (
    <span
      className={clsx("inline-flex shrink-0 items-center gap-1 text-xs font-medium", colour)}
      title={label}
    >
      <Icon aria-hidden className={clsx("size-3.5", spins && "animate-spin")} />
      <span className={compact ? "sr-only" : ""}>{label}</span>
    </span>
  );
}
