// A small line of counts over time beside its number, which says the same in words.

/** @param values one per bucket, oldest first @param name what it shows, for screen readers */
export function SparkLine({
  values,
  name,
  width = 72,
  height = 20,
  colour = "var(--mg-c1)",
}: {
  readonly values: readonly number[];
  readonly name: string;
  readonly width?: number;
  readonly height?: number;
  readonly colour?: string;
}) {
  const top = Math.max(1, ...values);
  const step = values.length > 1 ? (width - 2) / (values.length - 1) : 0;
  const points = values.map((value, index) => {
    const y = height - 2 - (value / top) * (height - 4);
    return `${(1 + index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg width={width} height={height} role="img" aria-label={name}>
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke={colour}
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
    </svg>
  );
}
