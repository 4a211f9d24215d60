import { type FormEvent, useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { Notice, ProblemNotice } from "@/components/Notice";
import { Section } from "@/components/Section";
import { useAction } from "@/lib/use-action";
import { getLimits, setLimits } from "../api/limits";
import { FIELDS, limitsOf, type Typed, typedOf } from "./fields";

/** What the project may use at most. */
export function LimitsSection({ project, mayManage }: { project: string; mayManage: boolean }) {
  const limits = useSWR(["limits", project], () => getLimits(project), { revalidateOnFocus: false });
  const [typed, setTyped] = useState<Typed | null>(null);
  const [saved, setSaved] = useState(false);
  const shown = typed ?? typedOf(limits.data ?? {});
  const save = useAction(async () => {
    const stored = await setLimits(project, limitsOf(shown));
    await limits.mutate(stored, { revalidate: false });
    setTyped(null);
    setSaved(true);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.run();
  };
  return (
    <Section title="Limits" description="An empty field is left to the installation.">
      {limits.error && <ProblemNotice error={limits.error} />}
      {limits.data && (
        <form onSubmit={submit} className="space-y-4">
          <div className="grid gap-4 sm:grid-cols-2">
            {FIELDS.map(({ name, label, unit }) => (
              <TextField
                key={name}
                label={label}
                hint={unit}
                type="number"
                min="0"
                step="any"
                disabled={!mayManage}
                value={shown[name] ?? ""}
                onChange={(event) => {
                  setSaved(false);
                  setTyped({ ...shown, [name]: event.target.value });
                }}
              />
            ))}
          </div>
          {save.error !== null && <ProblemNotice error={save.error} />}
          {saved && <Notice tone="good">Saved.</Notice>}
          {mayManage && (
            <Button look="primary" type="submit" busy={save.busy} disabled={typed === null}>
              Save limits
            </Button>
          )}
        </form>
      )}
    </Section>
  );
}
