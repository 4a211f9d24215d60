import { useState } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { ProblemNotice } from "./Notice";

interface ConfirmProps {
  title: string;
  consequence: string;
  confirmLabel: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before what cannot be undone, and says what will be lost. */
export function ConfirmDialog({ title, consequence, confirmLabel, onConfirm, onClose }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="text-sm text-ink-muted">{consequence}</p>
      {error !== null && <ProblemNotice error={error} className="mt-3" />}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="danger" busy={busy} onClick={() => void confirm()}>
          {confirmLabel}
        </Button>
      </div>
    </Dialog>
  );
}
