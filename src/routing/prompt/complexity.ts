// How demanding a prompt looks. A weak sign: it tells long and bound tasks from short questions, and no more.
import type { MarkCounts } from "./mark-counts.ts";
import { share } from "./structure.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** 0 to 1. */
export function complexityOf(read: Tokenizer, marks: MarkCounts): number {
  const { signs, lines } = read;
  const says = read.latin / 5 + read.han / 1.6 + read.kana / 2 + read.otherLetters / 4;
  const formulas = (signs[0x5c] ?? 0) + (signs[0x5e] ?? 0) + (signs[0x3d] ?? 0) + (signs[0x24] ?? 0);
  const code = (signs[0x7b] ?? 0) + (signs[0x3b] ?? 0) + lines.fences * 4 + lines.indented;
  return (
    0.34 * share(says, 80) +
    0.16 * share(marks.demanding, 1.5) +
    0.12 * share(marks.binding, 3) +
    0.12 * share(read.digits, 15) +
    0.1 * share(formulas, 5) +
    0.08 * share(code, 8) +
    0.08 * share(lines.listed + lines.options, 4)
  );
}
