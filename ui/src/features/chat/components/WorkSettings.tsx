import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Select } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { isMissing } from "@/lib/http";
import { useAction } from "@/lib/use-action";
import { type Choice, getOffer } from "../api/get-offer";
import { forgetTool, getPolicy, type Permissions, type Policy, setPolicy } from "../api/policy";
import type { Wish } from "../store/draft";

const PERMISSIONS: Record<Permissions, string> = {
  all: "Everything in the sandbox",
  edits: "Edits; ask for commands",
  ask: "Ask for edits and commands",
};
const SHORT: Record<Permissions, string> = { all: "Allows all", edits: "Asks for commands", ask: "Asks" };

interface WorkSettingsProps {
  project: string;
  session: string;
  wish: Wish;
  onWish: (wish: Wish) => void;
  /** The mode that the agent says it is in. */
  currentMode: string | null;
}

/** How this session's agent works: model, mode, reasoning, and what it may do without asking. */
export function WorkSettings({ project, session, wish, onWish, currentMode }: WorkSettingsProps) {
  const [open, setOpen] = useState(false);
  const policy = useSWR(["policy", project, session], () => getPolicy(project, session), {
    shouldRetryOnError: false,
    revalidateOnFocus: false,
  });
  const words = [wish.mode ?? currentMode, policy.data?.permissions ? SHORT[policy.data.permissions] : null];
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="inline-flex h-8 max-w-56 min-w-0 items-center gap-1.5 rounded-lg px-2 text-xs font-medium text-ink-muted hover:bg-sunken hover:text-ink pointer-coarse:h-11"
      >
        <SlidersHorizontal aria-hidden className="size-4 shrink-0" />
        <span className="sr-only">How the agent works: </span>
        <span className="truncate">{words.filter(Boolean).join(" · ") || "Settings"}</span>
      </button>
      {open && (
        <SettingsDialog
          project={project}
          session={session}
          wish={wish}
          onWish={onWish}
          policy={policy.data ?? null}
          policyError={policy.error}
          onPolicy={(changed) => void policy.mutate(changed, { revalidate: false })}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

interface SettingsDialogProps {
  project: string;
  session: string;
  wish: Wish;
  onWish: (wish: Wish) => void;
  policy: Policy | null;
  policyError: unknown;
  onPolicy: (policy: Policy) => void;
  onClose: () => void;
}

function SettingsDialog(props: SettingsDialogProps) {
  const { project, session, wish, onWish, policy, policyError, onPolicy, onClose } = props;
  const offer = useSWR(["offer", project, session], () => getOffer(project, session), {
    shouldRetryOnError: false,
  });
  const change = useAction(async (ask: () => Promise<Policy>) => onPolicy(await ask()));
  const set = (key: keyof Wish, value: string) => {
    const { [key]: _, ...rest } = wish;
    onWish(value ? { ...rest, [key]: value } : rest);
  };
  const { models = [], modes = [], reasoning = [] } = offer.data ?? {};
  return (
    <Dialog
      title="How the agent works"
      description="In this session, from the next message on."
      onClose={onClose}
    >
      <div className="space-y-4">
        <ChoiceField
          label="Model"
          choices={models}
          current={offer.data?.model}
          value={wish.model ?? ""}
          onChange={(value) => set("model", value)}
        />
        <ChoiceField
          label="Mode"
          choices={modes}
          current={offer.data?.mode}
          value={wish.mode ?? ""}
          onChange={(value) => set("mode", value)}
        />
        <ChoiceField
          label="Reasoning"
          choices={reasoning}
          current={offer.data?.reasoningLevel}
          value={wish.reasoning ?? ""}
          onChange={(value) => set("reasoning", value)}
        />
        {offer.error && !isMissing(offer.error) && <ProblemNotice error={offer.error} />}
        {!offer.isLoading && models.length + modes.length + reasoning.length === 0 && (
          <p className="text-sm text-ink-muted">The agent has not said yet which models and modes it has.</p>
        )}
        {policy && (
          <Select
            label="May do without asking"
            value={policy.permissions ?? ""}
            disabled={change.busy}
            onChange={(event) =>
              change.run(() =>
                setPolicy(project, session, (event.target.value || null) as Permissions | null),
              )
            }
            hint="Holds at once, also for what it asks right now."
          >
            <option value="">As the agent is configured</option>
            {Object.entries(PERMISSIONS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
        {policy && policy.tools.length > 0 && (
          <div>
            <p className="mb-1 text-sm font-medium">Answered for good</p>
            <ul className="divide-y divide-line rounded-lg border border-line">
              {policy.tools.map(({ tool, decision }) => (
                <li key={tool} className="flex items-center gap-2 px-3 py-1.5 text-sm">
                  <code className="min-w-0 flex-1 truncate font-mono text-xs">{tool}</code>
                  <span className="text-xs text-ink-muted">
                    {decision === "allow" ? "always allowed" : "always denied"}
                  </span>
                  <Button
                    size="small"
                    disabled={change.busy}
                    onClick={() => change.run(() => forgetTool(project, session, tool))}
                  >
                    Ask again
                  </Button>
                </li>
              ))}
            </ul>
          </div>
        )}
        {policyError && !isMissing(policyError) ? <ProblemNotice error={policyError} /> : null}
        {change.error !== null && <ProblemNotice error={change.error} />}
        <div className="flex justify-end">
          <Button onClick={onClose}>Done</Button>
        </div>
      </div>
    </Dialog>
  );
}

interface ChoiceFieldProps {
  label: string;
  choices: readonly Choice[];
  current: string | null | undefined;
  value: string;
  onChange: (value: string) => void;
}

/** Left out when the agent offers nothing to choose from. */
function ChoiceField({ label, choices, current, value, onChange }: ChoiceFieldProps) {
  if (choices.length === 0) {
    return null;
  }
  const now = choices.find((choice) => choice.id === current)?.name ?? current;
  return (
    <Select
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      hint={choices.find((choice) => choice.id === value)?.description}
    >
      <option value="">{now ? `As it is now (${now})` : "As it is now"}</option>
      {choices.map((choice) => (
        <option key={choice.id} value={choice.id}>
          {choice.name}
        </option>
      ))}
    </Select>
  );
}
