import { useId } from "react";
import type { Question } from "./questions";

interface QuestionFieldProps {
  question: Question;
  values: readonly string[];
  onChange: (values: string[]) => void;
}

/** One question of the form: options to choose from, a tick, or words. */
export function QuestionField({ question, values, onChange }: QuestionFieldProps) {
  const id = useId();
  const { type, header, options, required } = question;
  const label = question.question || header || question.id;
  if (type === "choice" || type === "multiple") {
    const several = type === "multiple";
    const toggle = (option: string) => {
      const rest = values.filter((each) => each !== option);
      onChange(several ? (rest.length < values.length ? rest : [...values, option]) : [option]);
    };
    return (
      <fieldset>
        <legend className="text-sm font-medium">
          {label}
          {several && <span className="font-normal text-ink-muted"> (several are possible)</span>}
        </legend>
        <div className="mt-1.5 space-y-1.5">
          {options.map((option) => (
            <label
              key={option.optionId}
              className="flex cursor-pointer items-start gap-2.5 rounded-lg border border-line-strong bg-canvas px-3 py-2 text-sm has-checked:border-accent has-checked:bg-accent-soft"
            >
              <input
                type={several ? "checkbox" : "radio"}
                name={id}
                checked={values.includes(option.optionId)}
                onChange={() => toggle(option.optionId)}
                className="mt-0.5 accent-accent"
              />
              <span>
                <span className="block font-medium">{option.name}</span>
                {option.description && (
                  <span className="block text-xs text-ink-muted">{option.description}</span>
                )}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    );
  }
  if (type === "boolean") {
    return (
      <label className="flex items-center gap-2 text-sm font-medium">
        <input
          type="checkbox"
          checked={values[0] === "true"}
          onChange={(event) => onChange([String(event.target.checked)])}
          className="accent-accent"
        />
        {label}
      </label>
    );
  }
  return (
    <div>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
        {!required && <span className="font-normal text-ink-muted"> (optional)</span>}
      </label>
      <textarea
        id={id}
        rows={type === "number" ? 1 : 2}
        inputMode={type === "number" ? "decimal" : "text"}
        value={values[0] ?? ""}
        onChange={(event) => onChange([event.target.value])}
        className="mt-1 field-sizing-content max-h-40 w-full rounded-lg border border-line-strong bg-canvas px-3 py-2 text-sm pointer-coarse:text-base"
      />
    </div>
  );
}
