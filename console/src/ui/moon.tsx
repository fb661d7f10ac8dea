// The moon phases, the only signs of state: shape first, colour second. The word beside it is the caller's.

export type Phase = "full" | "half" | "crescent" | "ring" | "struck" | "live";

const colours: Readonly<Record<Phase, string>> = {
  full: "var(--mg-ok)",
  half: "var(--mg-warn-mark)",
  crescent: "var(--mg-pond)",
  ring: "var(--mg-off)",
  struck: "var(--mg-bad)",
  live: "var(--mg-moon)",
};

const inner: Readonly<Partial<Record<Phase, string>>> = {
  half: "M6 1.75a4.25 4.25 0 0 1 0 8.5z",
  crescent: "M6 1.75a4.25 4.25 0 0 1 0 8.5a6.4 6.4 0 0 0 0-8.5z",
};

/** @param label what it says to a screen reader; leave it out where the word stands beside it */
export function Moon({
  phase,
  size = 12,
  label,
}: {
  readonly phase: Phase;
  readonly size?: number;
  readonly label?: string;
}) {
  const colour = colours[phase];
  const solid = phase === "full" || phase === "live";
  const named = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      {...named}
      className={phase === "live" ? "live" : undefined}
    >
      {solid ? (
        <circle cx="6" cy="6" r="5" fill={colour} />
      ) : (
        <circle cx="6" cy="6" r="4.25" fill="none" stroke={colour} strokeWidth="1.5" />
      )}
      {inner[phase] !== undefined && <path d={inner[phase]} fill={colour} />}
      {phase === "struck" && <path d="M3.2 8.8l5.6-5.6" stroke={colour} strokeWidth="1.6" />}
    </svg>
  );
}
