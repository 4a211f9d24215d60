import useSWR from "swr";
import { Button } from "@/components/Button";
import { ProblemNotice } from "@/components/Notice";
import { Badge, Row, Rows, Section } from "@/components/Section";
import { ago } from "@/lib/format";
import { useAction } from "@/lib/use-action";
import { endLogin, getLogins } from "../api/logins";

/** Browsers that are logged in as the user. Left out where nobody logs in. */
export function LoginsSection() {
  const logins = useSWR("logins", getLogins, { shouldRetryOnError: false });
  const end = useAction(async (id: string) => {
    await endLogin(id);
    await logins.mutate();
  });
  if (logins.error || logins.data?.length === 0) {
    return null;
  }
  return (
    <Section title="Logins" description="Where you are logged in. End what you do not know.">
      {end.error !== null && <ProblemNotice error={end.error} className="mb-3" />}
      <Rows label="Logins">
        {logins.data?.map((login) => (
          <Row
            key={login.id}
            title={
              <>
                {browserOf(login.userAgent)} {login.current && <Badge>This browser</Badge>}
              </>
            }
            detail={[login.address, `by ${login.provider}`, `since ${ago(login.createdAt)}`]
              .filter(Boolean)
              .join(" · ")}
          >
            {!login.current && (
              <Button size="small" look="danger" disabled={end.busy} onClick={() => end.run(login.id)}>
                End
              </Button>
            )}
          </Row>
        ))}
      </Rows>
    </Section>
  );
}

/** "Firefox on Linux" of what browsers say of themselves. */
export function browserOf(userAgent: string | null | undefined): string {
  const agent = userAgent ?? "";
  const browser = /(Edg|Firefox|Chrome|Safari)\//.exec(agent)?.[1]?.replace("Edg", "Edge");
  const system = /Android|iPhone|iPad|Windows|Mac OS X|Linux/.exec(agent)?.[0]?.replace("Mac OS X", "macOS");
  return browser ? [browser, system].filter(Boolean).join(" on ") : agent.slice(0, 60) || "Unknown browser";
}
