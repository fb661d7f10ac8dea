// Numbers as they stand in a record. Knows not what they count.

/** To four decimals; never -0, which JSON does not tell from 0. */
export function fourDecimals(value: number): number {
  return Math.round(value * 10_000) / 10_000 + 0;
}

/** To four significant digits; what is no number above 0 is 0. @param most of it */
export function fourDigits(value: number, most: number): number {
  if (Number.isNaN(value) || value <= 0) return 0;
  return Math.min(Number(value.toPrecision(4)), most);
}
