import { useState } from "react";

/** Runs one request at a time and keeps what went wrong, for a form or a button. */
export function useAction<A extends unknown[]>(action: (...args: A) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (...args: A) => {
    setBusy(true);
    setError(null);
    try {
      await action(...args);
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return { run: (...args: A) => void run(...args), busy, error, clear: () => setError(null) };
}
