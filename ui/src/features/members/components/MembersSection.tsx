import { useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ProblemNotice } from "@/components/Notice";
import { Row, Rows, Section } from "@/components/Section";
import { useAction } from "@/lib/use-action";
import { useProjectEvents } from "@/lib/use-project-events";
import { getMembers, type Member, ROLES, type Role, removeMember, setRole } from "../api/members";

interface MembersSectionProps {
  project: string;
  /** The caller's id, where it is known. */
  me: string | null;
  mayManage: boolean;
}

/** Who belongs to the project, and what each may do. */
export function MembersSection({ project, me, mayManage }: MembersSectionProps) {
  const members = useSWR(["members", project], () => getMembers(project));
  const [leaving, setLeaving] = useState<Member | null>(null);
  const change = useAction(async (member: Member, role: Role) => {
    await setRole(project, member.userId, role);
    await members.mutate();
  });
  useProjectEvents((event) => {
    if (event.type === "member_updated" || event.type === "gap") void members.mutate();
  });
  return (
    <Section title="Members" description="Owners and admins manage the project; members work in it.">
      {members.error && <ProblemNotice error={members.error} />}
      {change.error !== null && <ProblemNotice error={change.error} className="mb-3" />}
      <Rows label="Members">
        {members.data?.map((member) => (
          <Row
            key={member.userId}
            title={
              <>
                {member.name}
                {member.userId === me && <span className="text-xs font-normal text-ink-muted">(you)</span>}
              </>
            }
            detail={member.email}
          >
            <select
              aria-label={`Role of ${member.name}`}
              value={member.role}
              disabled={!mayManage || change.busy}
              onChange={(event) => change.run(member, event.target.value as Role)}
              className="h-8 rounded-lg border border-line-strong bg-canvas px-2 text-xs pointer-coarse:h-11"
            >
              {ROLES.map((role) => (
                <option key={role}>{role}</option>
              ))}
            </select>
            {(mayManage || member.userId === me) && (
              <Button size="small" look="danger" onClick={() => setLeaving(member)}>
                {member.userId === me ? "Leave" : "Remove"}
                <span className="sr-only"> {member.userId === me ? "the project" : member.name}</span>
              </Button>
            )}
          </Row>
        ))}
      </Rows>
      {leaving && (
        <ConfirmDialog
          title={leaving.userId === me ? "Leave the project?" : `Remove ${leaving.name}?`}
          consequence="Sessions stay. Whoever left sees nothing of the project any more, until invited again."
          confirmLabel={leaving.userId === me ? "Leave" : "Remove"}
          onClose={() => setLeaving(null)}
          onConfirm={async () => {
            await removeMember(project, leaving.userId);
            await members.mutate();
          }}
        />
      )}
    </Section>
  );
}
