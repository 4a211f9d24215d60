import { Bot, Plus } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ProblemNotice } from "@/components/Notice";
import { Page } from "@/components/Page";
import type { Agent } from "@/lib/domain";
import { useAction } from "@/lib/use-action";
import { useProjectEvents } from "@/lib/use-project-events";
import { deleteAgent } from "../api/delete-agent";
import { getAgentTypes } from "../api/get-agent-types";
import { getAgents } from "../api/get-agents";
import { setDefaultAgent } from "../api/set-default-agent";
import { AgentDialog } from "./AgentDialog";

const PERMISSIONS = {
  all: "may do everything in the sandbox",
  edits: "asks before commands",
  ask: "asks before edits and commands",
};

export function AgentsPage({ project }: { project: string }) {
  const agents = useSWR(["agents", project], () => getAgents(project));
  const types = useSWR(["agent-types", project], () => getAgentTypes(project));
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<Agent | null>(null);
  const makeDefault = useAction(async (agent: Agent) => {
    await setDefaultAgent(project, agent.id);
    await agents.mutate();
  });
  useProjectEvents((event) => {
    if (event.type === "agent_updated" || event.type === "gap") void agents.mutate();
  });
  const add = (
    <Button
      look="primary"
      disabled={!types.data?.length}
      icon={<Plus aria-hidden className="size-4" />}
      onClick={() => setAdding(true)}
    >
      Add agent
    </Button>
  );
  return (
    <Page
      title="Agents"
      description="Who works in your sessions. The default one is chosen unless you say otherwise."
      action={agents.data?.length ? add : undefined}
    >
      {agents.error && <ProblemNotice error={agents.error} />}
      {types.error && <ProblemNotice error={types.error} className="mt-3" />}
      {makeDefault.error !== null && <ProblemNotice error={makeDefault.error} className="mb-3" />}
      {agents.data?.length === 0 && (
        <EmptyState icon={<Bot aria-hidden className="size-5" />} title="No agents yet" action={add}>
          Claude Code, opencode, Gemini CLI, Codex: add the one that you have a key for.
        </EmptyState>
      )}
      {agents.data && agents.data.length > 0 && (
        <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
          {agents.data.map((agent) => (
            <li key={agent.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
              <Bot aria-hidden className="size-5 shrink-0 text-ink-muted" />
              <div className="min-w-0 flex-1">
                <p className="flex items-center gap-2 font-medium">
                  <span className="truncate">{agent.name}</span>
                  {agent.isDefault && (
                    <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs text-accent">
                      Default
                    </span>
                  )}
                </p>
                <p className="truncate text-xs text-ink-muted">
                  {[
                    types.data?.find((type) => type.id === agent.agentType)?.name ?? agent.agentType,
                    agent.model,
                    PERMISSIONS[agent.permissions ?? "all"],
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
              </div>
              {!agent.isDefault && (
                <Button size="small" disabled={makeDefault.busy} onClick={() => makeDefault.run(agent)}>
                  Make default
                </Button>
              )}
              <Button size="small" look="danger" onClick={() => setDeleting(agent)}>
                Delete
              </Button>
            </li>
          ))}
        </ul>
      )}
      {adding && (
        <AgentDialog
          project={project}
          types={types.data ?? []}
          onClose={(made) => {
            setAdding(false);
            if (made) void agents.mutate();
          }}
        />
      )}
      {deleting && (
        <ConfirmDialog
          title={`Delete ${deleting.name}?`}
          consequence="Its sessions stay and use the default agent from their next start on."
          confirmLabel="Delete"
          onClose={() => setDeleting(null)}
          onConfirm={async () => {
            await deleteAgent(project, deleting.id);
            await agents.mutate();
          }}
        />
      )}
    </Page>
  );
}
