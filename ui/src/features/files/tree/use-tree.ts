import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { detailOf } from "@/lib/http";
import { listFiles } from "../api/list-files";
import { type Folder, rowsOf } from "./tree";

/** The sandbox's folders, each read when it is opened, and all open ones again when `revision` moves. */
export function useTree(project: string, session: string, hidden: boolean, revision: number) {
  const [known, setKnown] = useState<ReadonlyMap<string, Folder>>(new Map());
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<unknown>(null);
  const opened = useRef(open);
  opened.current = open;

  const read = useCallback(
    async (path: string) => {
      try {
        const entries = await listFiles(project, session, path, hidden);
        setKnown((before) => new Map(before).set(path, { entries }));
        if (path === "") setError(null);
      } catch (cause) {
        if (path === "") setError(cause);
        setKnown((before) => new Map(before).set(path, { error: detailOf(cause) }));
      }
    },
    [project, session, hidden],
  );
  const refresh = useCallback(
    () => Promise.all(["", ...opened.current].map((path) => read(path))).then(() => undefined),
    [read],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn that ended may have changed any folder
  useEffect(() => void refresh(), [refresh, revision]);

  const toggle = (path: string) => {
    const next = new Set(open);
    if (!next.delete(path)) {
      next.add(path);
      void read(path);
    }
    setOpen(next);
  };
  const rows = useMemo(() => rowsOf(known, open), [known, open]);
  return { rows, toggle, refresh, error };
}
