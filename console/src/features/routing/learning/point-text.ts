// Quality and utility as points of 100, and differences of them with their sign.

const minus = "−";

export function inPoints(value: number): string {
  return signed((value * 100).toFixed(1), false);
}

export function difference(value: number): string {
  return signed((value * 100).toFixed(1), true);
}

/** `−0.6 ± 0.9`: half of the way between its bounds. */
export function withBounds({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${difference(value)} ± ${(((high - low) / 2) * 100).toFixed(1)}`;
}

/** `−48 %`; undefined where nothing was paid before. */
export function changeText(before: number, after: number): string | undefined {
  if (before <= 0) return undefined;
  return `${signed(((after / before - 1) * 100).toFixed(0), true)} %`;
}

function signed(text: string, always: boolean): string {
  const value = Number(text);
  if (value === 0) return text.replace("-", "");
  if (value < 0) return text.replace("-", minus);
  return always ? `+${text}` : text;
}
