// What a prompt was like, from the record of its exchange, for a label of its answer. Reads no text.
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { PromptNumbers } from "../../core/kept-routing.ts";
import { vectorLength } from "../../routing/prompt/prompt-features.ts";

/** Sketches of another build may be longer or shorter; none is without bounds. */
const longestSketch = 1_000;

/** Undefined for what no label can be made of: another mode, or a Model API that does not learn. */
export function numbersOfRecord({ decision }: Pick<ExchangeRecord, "decision">): PromptNumbers | undefined {
  const { router, sketch, evidence } = decision?.routing ?? {};
  if (router === undefined || sketch === undefined || evidence === undefined) return undefined;
  const bytes = Buffer.from(sketch, "base64");
  if (bytes.length < vectorLength || bytes.length > longestSketch) return undefined;
  const models = evidence.models.map(({ learnt: _learnt, ...model }) => model);
  return {
    features: featuresOf(router),
    sketch: Int8Array.from(bytes, signed),
    prompt: evidence.prompt,
    models,
  };
}

/** What a router is called begins with the version of what made the numbers. */
function featuresOf(router: string): number {
  return Number.parseInt(router, 10) || 0;
}

function signed(byte: number): number {
  return byte > 127 ? byte - 256 : byte;
}
