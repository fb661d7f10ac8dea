// What a prompt was like, from the record of its exchange, for a label of its answer. Reads no text.
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { PromptNumbers } from "../../core/kept-routing.ts";
import { vectorLength } from "../../routing/prompt/prompt-features.ts";

/** Sketches of another build may be longer or shorter; none is without bounds. */
const longestSketch = 1_000;

/** Undefined for what no label can be made of: another mode, or a Model API that does not learn. */
export function numbersOfRecord({ decision }: Pick<ExchangeRecord, "decision">): PromptNumbers | undefined {
  const { sketch, evidence } = decision?.routing ?? {};
  if (sketch === undefined || evidence === undefined) return undefined;
  const bytes = Buffer.from(sketch, "base64");
  if (bytes.length < vectorLength || bytes.length > longestSketch) return undefined;
  const models = evidence.models.map(({ learnt: _learnt, ...model }) => model);
  return { sketch: Int8Array.from(bytes, signed), prompt: evidence.prompt, models };
}

function signed(byte: number): number {
  return byte > 127 ? byte - 256 : byte;
}
