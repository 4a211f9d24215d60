import { clsx } from "clsx";
import { LoaderCircle } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";

type Look = "primary" | "secondary" | "ghost" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-accent-ink hover:brightness-110 border-transparent shadow-xs",
  secondary: "bg-raised text-ink border-line-strong hover:bg-sunken",
  ghost: "bg-transparent text-ink-muted border-transparent hover:bg-sunken hover:text-ink",
  danger: "bg-raised text-bad border-line-strong hover:bg-bad-soft",
};

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  size?: "small" | "medium";
  busy?: boolean;
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  look = "secondary",
  size = "medium",
  busy,
  icon,
  children,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      className={clsx(
        "inline-flex items-center justify-center gap-1.5 rounded-lg border font-medium whitespace-nowrap transition-colors",
        "disabled:opacity-50 pointer-coarse:min-h-11",
        size === "small" ? "h-7 px-2.5 text-xs" : "h-9 px-3.5 text-sm",
        LOOKS[look],
        className,
      )}
    >
      {busy ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : icon}
      {children}
    </button>
  );
}

/** A button of one icon; `label` is its name for who cannot see it, and its tooltip. */
export function IconButton({
  label,
  className,
  children,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { label: string }) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={clsx(
        "inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-ink-muted transition-colors",
        "hover:bg-sunken hover:text-ink disabled:opacity-40 pointer-coarse:size-11",
        className,
      )}
    >
      {children}
    </button>
  );
}
