import { type FormEvent, useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { Select, TextField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { Badge, Row, Rows, Section } from "@/components/Section";
import { ShownOnce } from "@/components/ShownOnce";
import { ago } from "@/lib/format";
import { useAction } from "@/lib/use-action";
import { createToken, deleteToken, getTokens, type Scope } from "../api/tokens";

/** Tokens for programs that use the API in the user's name. */
export function TokensSection() {
  const tokens = useSWR("tokens", getTokens, { shouldRetryOnError: false });
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("write");
  const [days, setDays] = useState(90);
  const [made, setMade] = useState<string | null>(null);
  const create = useAction(async () => {
    const token = await createToken(name.trim(), scope, days);
    setMade(token.token ?? null);
    setName("");
    await tokens.mutate();
  });
  const remove = useAction(async (id: string) => {
    await deleteToken(id);
    await tokens.mutate();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.run();
  };
  return (
    <Section title="API tokens" description="For programs that act in your name.">
      {made && <ShownOnce label="Token" secret={made} />}
      <form onSubmit={submit} className="mb-3 grid items-end gap-2 sm:grid-cols-[1fr_9rem_9rem_auto]">
        <TextField
          label="Name of the token"
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Select label="May" value={scope} onChange={(event) => setScope(event.target.value as Scope)}>
          <option value="read">read</option>
          <option value="write">read and write</option>
          <option value="admin">everything</option>
        </Select>
        <Select label="Expires" value={days} onChange={(event) => setDays(Number(event.target.value))}>
          <option value={30}>in 30 days</option>
          <option value={90}>in 90 days</option>
          <option value={365}>in a year</option>
          <option value={0}>never</option>
        </Select>
        <Button look="primary" type="submit" busy={create.busy} disabled={!name.trim()}>
          Make token
        </Button>
      </form>
      {create.error !== null && <ProblemNotice error={create.error} className="mb-3" />}
      {remove.error !== null && <ProblemNotice error={remove.error} className="mb-3" />}
      {tokens.error && <ProblemNotice error={tokens.error} />}
      {tokens.data && tokens.data.length > 0 && (
        <Rows label="API tokens">
          {tokens.data.map((token) => (
            <Row
              key={token.id}
              title={
                <>
                  {token.name} <Badge>{token.scopes.join(", ")}</Badge>
                </>
              }
              detail={[
                token.lastUsedAt ? `used ${ago(token.lastUsedAt)}` : "never used",
                token.expiresAt ? `expires ${ago(token.expiresAt)}` : "never expires",
              ].join(" · ")}
            >
              <Button size="small" look="danger" disabled={remove.busy} onClick={() => remove.run(token.id)}>
                Delete<span className="sr-only"> {token.name}</span>
              </Button>
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
}
