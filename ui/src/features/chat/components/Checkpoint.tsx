import { GitCommitHorizontal, TriangleAlert } from "lucide-react";
import { plural } from "@/lib/format";

/** The commit that holds what the turn changed, or why there is none. */
export function Checkpoint({ data }: { data: unknown }) {
  const { commit, filesChanged, error } = (data ?? {}) as Record<string, unknown>;
  if (error) {
    const why = typeof error === "string" ? error : String((error as { message?: unknown }).message ?? "");
    return (
      <p className="flex items-start gap-1.5 text-xs text-warn">
        <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" /> The changes could not be committed:{" "}
        {why}
      </p>
    );
  }
  if (typeof commit !== "string") {
    return null;
  }
  return (
    <p className="flex items-center gap-1.5 text-xs text-ink-muted">
      <GitCommitHorizontal aria-hidden className="size-3.5" />
      Checkpoint <code className="font-mono">{commit.slice(0, 8)}</code>
      {typeof filesChanged === "number" && <span>· {plural(filesChanged, "file")} changed</span>}
    </p>
  );
}
