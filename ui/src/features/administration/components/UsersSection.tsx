import useSWR from "swr";
import { Button } from "@/components/Button";
import { ProblemNotice } from "@/components/Notice";
import { Badge, Row, Rows, Section } from "@/components/Section";
import { ago } from "@/lib/format";
import { useAction } from "@/lib/use-action";
import { changeUser, getUsers, type User } from "../api/users";

/** Everybody with an account here. */
export function UsersSection() {
  const users = useSWR("admin-users", getUsers, { shouldRetryOnError: false });
  const change = useAction(async (user: User, to: Partial<Pick<User, "role" | "disabled">>) => {
    await changeUser(user.id, to);
    await users.mutate();
  });
  return (
    <Section title="Users" description="Who is disabled is logged out at once.">
      {users.error && <ProblemNotice error={users.error} />}
      {change.error !== null && <ProblemNotice error={change.error} className="mb-3" />}
      {users.data && (
        <Rows label="Users">
          {users.data.map((user) => (
            <Row
              key={user.id}
              title={
                <>
                  {user.displayName || user.username}
                  {user.role === "admin" && <Badge>Administrator</Badge>}
                  {user.disabled && <Badge bad>Disabled</Badge>}
                </>
              }
              detail={[
                user.username,
                user.email,
                user.lastLoginAt ? `logged in ${ago(user.lastLoginAt)}` : "never logged in",
              ]
                .filter(Boolean)
                .join(" · ")}
            >
              <Button
                size="small"
                disabled={change.busy}
                onClick={() => change.run(user, { role: user.role === "admin" ? "user" : "admin" })}
              >
                {user.role === "admin" ? "Make a user" : "Make administrator"}
              </Button>
              <Button
                size="small"
                look={user.disabled ? "secondary" : "danger"}
                disabled={change.busy}
                onClick={() => change.run(user, { disabled: !user.disabled })}
              >
                {user.disabled ? "Enable" : "Disable"}
              </Button>
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
}
