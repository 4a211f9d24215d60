import { ArrowRight } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { Link, useNavigate } from "react-router";
import { useSWRConfig } from "swr";
import { Button } from "@/components/Button";
import { ProblemNotice } from "@/components/Notice";
import { chatStore } from "@/features/chat/store/use-chat";
import { createSession } from "@/features/sessions/api/create-session";
import type { Workspace } from "@/lib/domain";
import { useAction } from "@/lib/use-action";
import { sessionPath } from "./paths";
import { useAgents } from "./project-data";

/** Makes a session and, when there is one, sends its first message while the sandbox starts. */
export function NewSession({ project, workspace }: { project: string; workspace: Workspace }) {
  const agents = useAgents(project);
  const [prompt, setPrompt] = useState("");
  const [agentId, setAgentId] = useState("");
  const [baseRef, setBaseRef] = useState("");
  const navigate = useNavigate();
  const { mutate } = useSWRConfig();
  const chosen = agentId || agents.data?.find((agent) => agent.isDefault)?.id || agents.data?.[0]?.id || "";

  const create = useAction(async () => {
    const session = await createSession(project, {
      workspaceId: workspace.id,
      ...(chosen ? { agentId: chosen } : {}),
      ...(prompt.trim() ? { name: firstLine(prompt) } : {}),
      ...(baseRef.trim() ? { baseRef: baseRef.trim() } : {}),
    });
    if (prompt.trim()) {
      void chatStore(project, session.id).send({ text: prompt.trim() });
    }
    void mutate(["sessions", project]);
    navigate(sessionPath(project, workspace.id, session.id));
  });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    create.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const touch = matchMedia("(pointer: coarse)").matches;
    const plainEnter = event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
    if (plainEnter && prompt.trim() && (event.ctrlKey || event.metaKey || !touch)) {
      event.preventDefault();
      submit();
    }
  };

  if (agents.data?.length === 0) {
    return (
      <p className="rounded-xl border border-line bg-surface p-4 text-sm">
        First{" "}
        <Link to={`/p/${project}/agents`} className="text-accent underline">
          add an agent
        </Link>
        : somebody has to do the work.
      </p>
    );
  }
  return (
    <form onSubmit={submit} aria-label="New session">
      <div className="rounded-2xl border border-line-strong bg-raised shadow-sm focus-within:border-accent focus-within:ring-2 focus-within:ring-accent/25">
        <label htmlFor="first-prompt" className="sr-only">
          What should the agent do?
        </label>
        <textarea
          id="first-prompt"
          rows={3}
          value={prompt}
          onChange={(event) => setPrompt(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder="What should the agent do?"
          className="block field-sizing-content max-h-72 min-h-24 w-full resize-none bg-transparent px-4 pt-3.5 outline-none pointer-coarse:text-base"
        />
        <div className="flex flex-wrap items-center gap-2 px-3 pb-3">
          <select
            aria-label="Agent"
            value={chosen}
            onChange={(event) => setAgentId(event.target.value)}
            className="h-8 max-w-44 truncate rounded-lg border border-line-strong bg-canvas px-2 text-xs font-medium pointer-coarse:h-11"
          >
            {agents.data?.map((agent) => (
              <option key={agent.id} value={agent.id}>
                {agent.name}
                {agent.isDefault ? " (default)" : ""}
              </option>
            ))}
          </select>
          <input
            aria-label="Branch or commit to start from"
            placeholder="from the current commit"
            value={baseRef}
            spellCheck={false}
            onChange={(event) => setBaseRef(event.target.value)}
            className="h-8 w-52 min-w-0 rounded-lg border border-line-strong bg-canvas px-2 font-mono text-xs max-sm:flex-1 pointer-coarse:h-11"
          />
          <Button
            look="primary"
            size="small"
            type="submit"
            busy={create.busy}
            className="ms-auto h-8!"
            icon={<ArrowRight aria-hidden className="size-4" />}
          >
            Start session
          </Button>
        </div>
      </div>
      {create.error !== null && <ProblemNotice error={create.error} className="mt-3" />}
      {agents.error && <ProblemNotice error={agents.error} className="mt-3" />}
    </form>
  );
}

function firstLine(text: string): string {
  const line = text.trim().split("\n")[0] ?? "";
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
