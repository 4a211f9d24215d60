import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./Button";

export function CopyButton({
  text,
  label = "Copy",
  className,
}: {
  text: string;
  label?: string;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    // Without a secure context there is no clipboard to write to; the text can still be selected by hand.
    await navigator.clipboard?.writeText(text);
    setCopied(Boolean(navigator.clipboard));
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <IconButton label={copied ? "Copied" : label} onClick={() => void copy()} className={className}>
      {copied ? (
        <Check aria-hidden className="size-3.5 text-good" />
      ) : (
        <Copy aria-hidden className="size-3.5" />
      )}
    </IconButton>
  );
}
