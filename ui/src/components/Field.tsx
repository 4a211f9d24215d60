import { clsx } from "clsx";
import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";

const CONTROL =
  "w-full rounded-lg border border-line-strong bg-canvas px-3 text-sm text-ink transition-colors hover:border-ink-muted focus-visible:outline-offset-0 pointer-coarse:text-base";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | null;
}

interface Described {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
}

function Field({ label, hint, error, children }: FieldProps & { children: (props: Described) => ReactNode }) {
  const id = useId();
  const told = error || hint;
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": told ? `${id}-hint` : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {told && (
        <p id={`${id}-hint`} className={clsx("mt-1 text-xs", error ? "text-bad" : "text-ink-muted")}>
          {error || hint}
        </p>
      )}
    </div>
  );
}

export function TextField({
  label,
  hint,
  error,
  className,
  ...rest
}: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => <input {...described} {...rest} className={clsx(CONTROL, "h-9", className)} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  className,
  ...rest
}: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => <textarea {...described} {...rest} className={clsx(CONTROL, "py-2", className)} />}
    </Field>
  );
}

export function Select({
  label,
  hint,
  error,
  className,
  ...rest
}: FieldProps & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => <select {...described} {...rest} className={clsx(CONTROL, "h-9", className)} />}
    </Field>
  );
}
