// The wordmark: letters of circles and one stroke, the second o being the gate.

const strokes = [
  { at: 0, path: "M1.7 9.7V-9.7M1.7 -2.6a5.3 5.3 0 0 1 10.6 0V9.7M12.3 -2.6a5.3 5.3 0 0 1 10.6 0V9.7" },
  { at: 71.2, path: "M1.7 9.7V-9.7M1.7 -2.2a5.8 5.8 0 0 1 11.6 0V9.7" },
  { at: 88.6, path: "M17.7 -9.7V9.2a7.4 7.4 0 0 1 -14 3.4" },
  { at: 110.6, path: "M17.7 -9.7V9.7" },
  { at: 132.6, path: "M4.4 -15V3.6a4.4 4.4 0 0 0 4.4 4.4h2M0 -8h10.6" },
  { at: 144.6, path: "M1.7 .2h16a8 8 0 1 0 -2.6 5.6" },
];
const gate =
  "M0 0a9.7 9.7 0 1 1 19.4 0a9.7 9.7 0 1 1 -19.4 0zM5 -.5a6.2 6.2 0 1 0 12.4 0a6.2 6.2 0 1 0 -12.4 0z";

/** @param height in px, at least 20 */
export function Wordmark({ height = 26 }: { readonly height?: number }) {
  return (
    <svg height={height} viewBox="0 -18 164.4 36" role="img" aria-label="Moongate">
      <g fill="none" stroke="var(--mg-ink)" strokeWidth="3.4">
        {strokes.map(({ at, path }) => (
          <path key={at} d={path} transform={`translate(${at} 0)`} />
        ))}
        {[27.6, 88.6, 110.6].map((at) => (
          <circle key={at} cx={at + 9.7} cy="0" r="8" />
        ))}
      </g>
      <path fill="var(--mg-pond)" fillRule="evenodd" d={gate} transform="translate(49 0)" />
    </svg>
  );
}
