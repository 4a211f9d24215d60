import { clsx } from "clsx";

/** Whose the credential is: the project's, or the user's own. */
export function OwnerField({
  personal,
  onChange,
}: {
  personal: boolean;
  onChange: (personal: boolean) => void;
}) {
  return (
    <fieldset className="grid grid-cols-2 gap-2">
      <legend className="mb-1 text-sm font-medium">For whom?</legend>
      {(
        [
          [false, "The project", "Sessions of all members"],
          [true, "Only me", "My sessions; goes before the project's"],
        ] as const
      ).map(([value, label, hint]) => (
        <label
          key={label}
          className={clsx(
            "cursor-pointer rounded-xl border px-3 py-2 text-sm has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
            personal === value ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-sunken",
          )}
        >
          <input
            type="radio"
            name="owner"
            className="sr-only"
            checked={personal === value}
            onChange={() => onChange(value)}
          />
          <span className="block font-medium">{label}</span>
          <span className="block text-xs text-ink-muted">{hint}</span>
        </label>
      ))}
    </fieldset>
  );
}
