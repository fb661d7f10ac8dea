// The exponential function out of additions and multiplications alone, so that every machine gives the same last digit.
const highOfLn2 = 0.693_147_180_369_123_8;
const lowOfLn2 = 1.908_214_929_270_587_7e-10;
const powers = Float64Array.from({ length: 2_046 }, (_, at) => 2 ** (at - 1_022));

/** e to the power of a number from -700 to 700; beyond them as at the end. */
export function exactExp(power: number): number {
  const clamped = power < -700 ? -700 : power > 700 ? 700 : power;
  const whole = Math.round(clamped * Math.LOG2E);
  const rest = clamped - whole * highOfLn2 - whole * lowOfLn2;
  // What is left is at most 0.35: after twelve terms nothing more counts.
  let sum = 1;
  for (let term = 12; term >= 1; term -= 1) sum = 1 + (sum * rest) / term;
  return sum * (powers[whole + 1_022] ?? 0);
}
