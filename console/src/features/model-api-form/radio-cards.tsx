// Choice cards as one group of radio buttons: arrow keys move, one tab stop.
import type { LucideIcon } from "lucide-react";
import { useRef, type KeyboardEvent } from "react";

export interface CardOption<Value extends string> {
  readonly value: Value;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly hint: string;
  /** A longer text, on large cards. */
  readonly about?: string;
  /** Why it cannot be chosen. */
  readonly disabled?: string | undefined;
}

const steps: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function RadioCards<Value extends string>({
  label,
  options,
  value,
  onChange,
  className,
  size = 17,
}: {
  readonly label: string;
  readonly options: readonly CardOption<Value>[];
  /** Undefined: none is chosen yet. */
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
  readonly className?: string | undefined;
  readonly size?: number;
}) {
  const group = useRef<HTMLDivElement>(null);
  const open = options.filter(({ disabled }) => disabled === undefined);
  const stop = open.some((option) => option.value === value) ? value : open[0]?.value;
  const move = (event: KeyboardEvent, from: Value): void => {
    const step = steps[event.key];
    if (step === undefined || open.length === 0) return;
    event.preventDefault();
    const at = open.findIndex((option) => option.value === from);
    const next = open[(at + step + open.length) % open.length];
    if (next === undefined) return;
    group.current?.querySelector<HTMLElement>(`[data-value="${next.value}"]`)?.focus();
    // Before anything is chosen, choosing leads on: arrows then only look around.
    if (value !== undefined) onChange(next.value);
  };
  return (
    <div ref={group} role="radiogroup" aria-label={label} className={className}>
      {options.map(({ value: own, icon: Icon, title, hint, about, disabled }) => (
        <button
          key={own}
          type="button"
          role="radio"
          aria-checked={own === value}
          aria-disabled={disabled !== undefined || undefined}
          data-value={own}
          tabIndex={own === stop ? 0 : -1}
          className="choice"
          title={disabled}
          onClick={() => {
            if (disabled === undefined) onChange(own);
          }}
          onKeyDown={(event) => move(event, own)}
        >
          <Icon size={size} aria-hidden style={{ flex: "none" }} />
          <span className="grow">
            <span className="medium cut" style={{ display: "block" }}>
              {title}
            </span>
            {about !== undefined && (
              <span className="small soft" style={{ display: "block" }}>
                {about}
              </span>
            )}
            <span className="tiny dim" style={{ display: "block" }}>
              {disabled ?? hint}
            </span>
          </span>
        </button>
      ))}
    </div>
  );
}
