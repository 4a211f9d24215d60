import { type FormEvent, useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { Row, Rows, Section } from "@/components/Section";
import { ShownOnce } from "@/components/ShownOnce";
import { ago } from "@/lib/format";
import { isMissing } from "@/lib/http";
import { useAction } from "@/lib/use-action";
import {
  createWebhook,
  deleteWebhook,
  getDeliveries,
  getWebhooks,
  testWebhook,
  type Webhook,
} from "../api/webhooks";

/** Where the project's events are sent, signed, and what became of each. */
export function WebhooksSection({ project }: { project: string }) {
  const webhooks = useSWR(["webhooks", project], () => getWebhooks(project), { shouldRetryOnError: false });
  const [url, setUrl] = useState("");
  const [types, setTypes] = useState("");
  const [secret, setSecret] = useState<string | null>(null);
  const create = useAction(async () => {
    const wanted = types.split(/[\s,]+/).filter(Boolean);
    const made = await createWebhook(project, url.trim(), wanted);
    setSecret(made.secret ?? null);
    setUrl("");
    setTypes("");
    await webhooks.mutate();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.run();
  };
  if (isMissing(webhooks.error)) {
    return null;
  }
  return (
    <Section
      title="Webhooks"
      description="Events are sent to these addresses, signed, and tried again when that fails."
    >
      {secret && <ShownOnce label="Signing secret" secret={secret} />}
      <form onSubmit={submit} className="mb-3 flex flex-wrap items-end gap-2">
        <div className="min-w-56 flex-2">
          <TextField
            label="Address"
            type="url"
            required
            placeholder="https://example.com/hook"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        </div>
        <div className="min-w-40 flex-1">
          <TextField
            label="Events"
            placeholder="all"
            spellCheck={false}
            value={types}
            onChange={(event) => setTypes(event.target.value)}
          />
        </div>
        <Button look="primary" type="submit" busy={create.busy} disabled={!url.trim()}>
          Add webhook
        </Button>
      </form>
      {create.error !== null && <ProblemNotice error={create.error} className="mb-3" />}
      {webhooks.error && <ProblemNotice error={webhooks.error} />}
      {webhooks.data && webhooks.data.length > 0 && (
        <Rows label="Webhooks">
          {webhooks.data.map((webhook) => (
            <WebhookRow
              key={webhook.id}
              project={project}
              webhook={webhook}
              onDeleted={() => void webhooks.mutate()}
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function WebhookRow({
  project,
  webhook,
  onDeleted,
}: {
  project: string;
  webhook: Webhook;
  onDeleted: () => void;
}) {
  const [open, setOpen] = useState(false);
  const deliveries = useSWR(
    open ? ["deliveries", project, webhook.id] : null,
    () => getDeliveries(project, webhook.id),
    { refreshInterval: 5_000 },
  );
  const act = useAction(async (action: "test" | "delete") => {
    if (action === "delete") {
      await deleteWebhook(project, webhook.id);
      onDeleted();
    } else {
      await testWebhook(project, webhook.id);
      setOpen(true);
      await deliveries.mutate();
    }
  });
  return (
    <Row title={webhook.url} detail={webhook.types.length > 0 ? webhook.types.join(", ") : "all events"}>
      <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
        Deliveries
      </Button>
      <Button size="small" disabled={act.busy} onClick={() => act.run("test")}>
        Test
      </Button>
      <Button size="small" look="danger" disabled={act.busy} onClick={() => act.run("delete")}>
        Delete
      </Button>
      {act.error !== null && <ProblemNotice error={act.error} className="w-full" />}
      {open && deliveries.data && (
        <ul aria-label="Deliveries" className="w-full space-y-1 text-xs text-ink-muted">
          {deliveries.data.map((each) => (
            <li key={each.id}>
              {[
                each.type,
                each.state === "dead" ? "given up" : each.state,
                each.lastStatus ? `answered ${each.lastStatus}` : each.lastError,
                `${each.attempts}×`,
                ago(each.createdAt),
              ]
                .filter(Boolean)
                .join(" · ")}
            </li>
          ))}
          {deliveries.data.length === 0 && <li>None yet.</li>}
        </ul>
      )}
    </Row>
  );
}
