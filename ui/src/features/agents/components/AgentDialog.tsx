import { type FormEvent, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Select, TextArea, TextField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { useAction } from "@/lib/use-action";
import { createAgent, type NewAgent } from "../api/create-agent";
import type { AgentType } from "../api/get-agent-types";

export function AgentDialog({
  project,
  types,
  onClose,
}: {
  project: string;
  types: AgentType[];
  onClose: (made: boolean) => void;
}) {
  const [agentType, setAgentType] = useState(types[0]?.id ?? "");
  const [name, setName] = useState("");
  const [model, setModel] = useState("");
  const [systemPrompt, setSystemPrompt] = useState("");
  const [permissions, setPermissions] = useState<NewAgent["permissions"]>("all");
  const type = types.find((each) => each.id === agentType);
  const save = useAction(async () => {
    await createAgent(project, {
      name: name.trim() || type?.name || agentType,
      agentType,
      permissions,
      ...(model.trim() ? { model: model.trim() } : {}),
      ...(systemPrompt.trim() ? { systemPrompt: systemPrompt.trim() } : {}),
    });
    onClose(true);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.run();
  };
  return (
    <Dialog title="Add an agent" onClose={() => onClose(false)}>
      <form onSubmit={submit} className="space-y-4">
        <Select
          label="Type"
          value={agentType}
          onChange={(event) => setAgentType(event.target.value)}
          hint={type?.description}
        >
          {types.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </Select>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Name"
            placeholder={type?.name ?? ""}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <TextField
            label="Model"
            placeholder="The agent's own default"
            value={model}
            onChange={(event) => setModel(event.target.value)}
          />
        </div>
        <Select
          label="Permissions"
          value={permissions}
          onChange={(event) => setPermissions(event.target.value as NewAgent["permissions"])}
          hint="The sandbox is the fence: with everything allowed, an agent still reaches only what the proxy lets through."
        >
          <option value="all">Everything in the sandbox</option>
          <option value="edits">Edits; ask for commands</option>
          <option value="ask">Ask for edits and commands</option>
        </Select>
        <TextArea
          label="System prompt"
          rows={3}
          placeholder="Optional"
          value={systemPrompt}
          onChange={(event) => setSystemPrompt(event.target.value)}
        />
        {save.error !== null && <ProblemNotice error={save.error} />}
        <div className="flex justify-end gap-2 pt-1">
          <Button onClick={() => onClose(false)}>Cancel</Button>
          <Button look="primary" type="submit" busy={save.busy} disabled={!agentType}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
