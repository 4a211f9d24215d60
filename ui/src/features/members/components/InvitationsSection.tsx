import { type FormEvent, useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { Row, Rows, Section } from "@/components/Section";
import { ShownOnce } from "@/components/ShownOnce";
import { ago } from "@/lib/format";
import { useAction } from "@/lib/use-action";
import { getInvitations, invitationLink, invite, withdrawInvitation } from "../api/invitations";
import { ROLES, type Role } from "../api/members";

/** Invitations that wait, and a new one; its link is shown once. */
export function InvitationsSection({ project }: { project: string }) {
  const invitations = useSWR(["invitations", project], () => getInvitations(project));
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [link, setLink] = useState<string | null>(null);
  const send = useAction(async () => {
    const made = await invite(project, email.trim(), role);
    setLink(made.token ? invitationLink(made.token) : null);
    setEmail("");
    await invitations.mutate();
  });
  const withdraw = useAction(async (id: string) => {
    await withdrawInvitation(project, id);
    await invitations.mutate();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.run();
  };
  return (
    <Section title="Invitations" description="Good for one use by the invited address, for seven days.">
      {link && <ShownOnce label="Invitation link" secret={link} />}
      <form onSubmit={submit} className="mb-3 flex flex-wrap items-end gap-2">
        <div className="min-w-48 flex-1">
          <TextField
            label="E-mail address"
            type="email"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </div>
        <select
          aria-label="Role of the invited"
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
          className="h-9 rounded-lg border border-line-strong bg-canvas px-2 text-sm pointer-coarse:h-11"
        >
          {ROLES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <Button look="primary" type="submit" busy={send.busy} disabled={!email.trim()}>
          Invite
        </Button>
      </form>
      {send.error !== null && <ProblemNotice error={send.error} className="mb-3" />}
      {withdraw.error !== null && <ProblemNotice error={withdraw.error} className="mb-3" />}
      {invitations.error && <ProblemNotice error={invitations.error} />}
      {invitations.data && invitations.data.length > 0 && (
        <Rows label="Open invitations">
          {invitations.data.map(({ id, email: invited, role: as, expiresAt }) => (
            <Row key={id} title={invited} detail={`as ${as} · expires ${ago(expiresAt)}`}>
              <Button size="small" look="danger" disabled={withdraw.busy} onClick={() => withdraw.run(id)}>
                Withdraw
              </Button>
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
}
