// What is worth telling of a candidate in one line: what its author says, else what is known. Knows no language.
import type { KnownCharacteristics } from "../../../../../src/control/routes/console-answers.ts";
import type { Origin } from "./known-parts.tsx";
import type { CandidateDraft, PriceDraft } from "./routing-draft.ts";

type Modality = NonNullable<CandidateDraft["input"]>[number];

type FactValue =
  | { readonly kind: "quality" | "window"; readonly value: number }
  | { readonly kind: "price"; readonly input: number; readonly output: number }
  | { readonly kind: "input"; readonly value: readonly Modality[] }
  | { readonly kind: "noTools" };

export type Fact = FactValue & {
  /** Its author says so. */
  readonly isOwn: boolean;
  readonly origin: Origin | undefined;
};

export function factsOf(row: CandidateDraft, known: KnownCharacteristics | undefined): readonly Fact[] {
  const facts: Fact[] = [];
  const quality = row.quality ?? known?.quality.value;
  if (quality !== undefined)
    facts.push({ kind: "quality", value: quality, ...from(row.quality, known?.quality.origin) });
  const window = row.contextWindow ?? known?.contextWindow?.value;
  if (window !== undefined)
    facts.push({ kind: "window", value: window, ...from(row.contextWindow, known?.contextWindow?.origin) });
  const price = row.price ?? known?.price?.value;
  if (price?.input !== undefined && price.output !== undefined)
    facts.push({
      kind: "price",
      input: price.input,
      output: price.output,
      ...from(row.price, known?.price?.origin),
    });
  const input = row.input ?? known?.input.value ?? [];
  if (input.some((each) => each !== "text"))
    facts.push({ kind: "input", value: input, ...from(row.input, known?.input.origin) });
  if ((row.tools ?? known?.tools.value) === false)
    facts.push({ kind: "noTools", ...from(row.tools, known?.tools.origin) });
  return facts;
}

function from(own: unknown, origin: Origin | undefined): Pick<Fact, "isOwn" | "origin"> {
  return own === undefined ? { isOwn: false, origin } : { isOwn: true, origin: undefined };
}

/** A price has both parts or is not said at all: the part that was not typed is the known one. */
export function changedPrice(
  price: PriceDraft | undefined,
  known: { readonly input: number; readonly output: number } | undefined,
  part: "input" | "output",
  value: number | undefined,
): PriceDraft | undefined {
  const next: PriceDraft = {
    input: price?.input ?? known?.input,
    output: price?.output ?? known?.output,
    [part]: value ?? known?.[part],
  };
  return next.input === known?.input && next.output === known?.output ? undefined : next;
}
