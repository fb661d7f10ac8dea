// The gate: a step that a request passes, as an eccentric ring. Drawn alone here; the Way draws many on a line.

export type GateState = "passed" | "off" | "refused" | "unreached";

const colours: Readonly<Record<Exclude<GateState, "off">, string>> = {
  passed: "var(--mg-pond)",
  refused: "var(--mg-bad)",
  unreached: "var(--mg-pond-line)",
};

/** The ring between two circles whose centres lie apart, as one path around (cx, cy). */
export function gatePath(cx: number, cy: number, radius: number): string {
  const inside = radius * 0.74;
  const innerX = cx + radius * 0.105;
  const circle = (x: number, r: number, sweep: 0 | 1): string =>
    `M${x - r} ${cy}a${r} ${r} 0 1 ${sweep} ${2 * r} 0a${r} ${r} 0 1 ${sweep} ${-2 * r} 0z`;
  return circle(cx, radius, 1) + circle(innerX, inside, 0);
}

/** @param size in px @param label for screen readers; leave it out where the word stands beside it */
export function Gate({
  state = "passed",
  size = 34,
  label,
}: {
  readonly state?: GateState;
  readonly size?: number;
  readonly label?: string;
}) {
  const named = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return (
    <svg width={size} height={size} viewBox="0 0 34 34" {...named}>
      {state === "off" ? (
        <circle
          cx="17"
          cy="17"
          r="14"
          fill="none"
          stroke="var(--mg-control)"
          strokeWidth="1.3"
          strokeDasharray="3 3.2"
        />
      ) : (
        <path fill={colours[state]} fillRule="evenodd" d={gatePath(17, 17, 15)} />
      )}
      {state === "refused" && <path d="M10 24L24 10" stroke={colours.refused} strokeWidth="2.4" />}
    </svg>
  );
}
