import { type FormEvent, useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { Badge, Row, Rows, Section } from "@/components/Section";
import { ShownOnce } from "@/components/ShownOnce";
import { useAction } from "@/lib/use-action";
import { createInviteCode, getInviteCodes, revokeInviteCode } from "../api/invite-codes";

/** Codes with which people make accounts. */
export function InviteCodesSection() {
  const codes = useSWR("invite-codes", getInviteCodes, { shouldRetryOnError: false });
  const [uses, setUses] = useState("1");
  const [note, setNote] = useState("");
  const [made, setMade] = useState<string | null>(null);
  const create = useAction(async () => {
    const code = await createInviteCode(Math.max(1, Number.parseInt(uses, 10) || 1), note.trim());
    setMade(code.code ?? null);
    setNote("");
    await codes.mutate();
  });
  const revoke = useAction(async (id: string) => {
    await revokeInviteCode(id);
    await codes.mutate();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.run();
  };
  return (
    <Section title="Invite codes" description="Who has one can make an account.">
      {made && <ShownOnce label="Invite code" secret={made} />}
      <form onSubmit={submit} className="mb-3 grid items-end gap-2 sm:grid-cols-[1fr_8rem_auto]">
        <TextField
          label="Note"
          placeholder="For whom it is"
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <TextField
          label="Uses"
          type="number"
          min="1"
          max="10000"
          value={uses}
          onChange={(event) => setUses(event.target.value)}
        />
        <Button look="primary" type="submit" busy={create.busy}>
          Make code
        </Button>
      </form>
      {create.error !== null && <ProblemNotice error={create.error} className="mb-3" />}
      {revoke.error !== null && <ProblemNotice error={revoke.error} className="mb-3" />}
      {codes.error && <ProblemNotice error={codes.error} />}
      {codes.data && codes.data.length > 0 && (
        <Rows label="Invite codes">
          {codes.data.map((code) => (
            <Row
              key={code.id}
              title={
                <>
                  {code.note || "No note"} {!code.valid && <Badge bad>Not valid</Badge>}
                </>
              }
              detail={`${code.usesRemaining} of ${code.maxUses} uses left`}
            >
              {code.valid && (
                <Button size="small" look="danger" disabled={revoke.busy} onClick={() => revoke.run(code.id)}>
                  Revoke
                </Button>
              )}
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
}
