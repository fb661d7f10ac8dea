// What a request needs that not every model has. Knows no score: a model either can answer a request or it cannot.
import type { Language } from "../../core/routing-record.ts";
import type { RequestFacts } from "../request-facts.ts";
import type { Characteristics, RoutingModel, RoutingRow } from "./characteristics.ts";
import { filterOrder, type FilterWord } from "./filter-reasons.ts";

/** Tokens of an answer whose length nobody bounds and of whose model nothing is learnt. */
export const likelyAnswerTokens = 400;

/** open: takes requests. failing: is tried only when nothing is open. closed: cannot be sent to. */
export type RowHealth = "open" | "failing" | "closed";

export interface Needs {
  readonly facts: Pick<
    RequestFacts,
    "input" | "output" | "promptTokens" | "maxOutputTokens" | "needsTools" | "needsJsonSchema" | "mayUse"
  >;
  readonly language: Language | undefined;
  /** USD per million output tokens. */
  readonly maxPrice: number | undefined;
}

/** What is known of one model when a request comes. */
export interface ModelState {
  /** By the place of the row in the model. */
  readonly health: readonly RowHealth[];
  /** Tokens that its answers have. */
  readonly outputTokens: number;
  /** Expected time to first data at the best of its services, failures included. */
  readonly latencyMs: number;
}

export interface Sieved {
  /** Why the model cannot be chosen; "" = it can. */
  readonly excluded: FilterWord | "";
  /** Rows that can be sent to; none of an excluded model. */
  readonly rows: readonly RoutingRow[];
}

/** What speaks against one row of a model, failures last: they give way when nothing else is left. */
function whyNot(characteristics: Characteristics, health: RowHealth, model: Needed): FilterWord | "" {
  const { facts } = model.needs;
  if (!model.permitted) return "not-permitted";
  const modality = missingModality(characteristics, facts);
  if (modality !== undefined) return modality;
  if (facts.needsTools && !characteristics.tools) return "no-tools";
  if (facts.needsJsonSchema && !characteristics.jsonSchema) return "no-json-schema";
  const answer = facts.maxOutputTokens ?? Math.min(model.outputTokens, characteristics.maxOutputTokens);
  if (facts.promptTokens + answer > characteristics.contextWindow) return "context-window";
  if (answer > characteristics.maxOutputTokens) return "max-output";
  const { maxPrice } = model.needs;
  if (maxPrice !== undefined && characteristics.price.output > maxPrice) return "price-ceiling";
  if (health === "closed") return "unreachable";
  return health === "failing" ? "ejected" : "";
}

interface Needed {
  readonly needs: Needs;
  readonly permitted: boolean;
  readonly outputTokens: number;
}

function missingModality(
  { input, output }: Characteristics,
  facts: Pick<RequestFacts, "input" | "output">,
): FilterWord | undefined {
  const taken = facts.input.find((modality) => !input.includes(modality));
  if (taken !== undefined) return `takes-no-${taken}`;
  const given = facts.output.find((modality) => !output.includes(modality));
  return given === undefined ? undefined : `gives-no-${given}`;
}

/**
 * By the place of each model in the list.
 * @param isGoodEnough whether its expected quality is what the domain of the prompt asks for
 */
export function sieve(
  models: readonly RoutingModel[],
  states: readonly ModelState[],
  needs: Needs,
  isGoodEnough: (model: string) => boolean,
): readonly Sieved[] {
  const by = (likeness: Likeness): readonly Rough[] =>
    models.map((model, index) => sieveModel({ model, likeness }, states[index], needs, isGoodEnough));
  const known = by("characteristics");
  const isAnyLeft = known.some(({ open, failing }) => open.length + failing.length > 0);
  // An assumption gives way rather than refuse a request that the model may well answer.
  const sieved = isAnyLeft ? known : by("unassumed");
  const { language } = needs;
  const speaks = (row: RoutingRow): boolean =>
    language === undefined || row.characteristics.languages.includes(language);
  return relaxed(sieved, models, speaks);
}

/** By what models are looked at: all that is taken to be so, or only what somebody says. */
type Likeness = "characteristics" | "unassumed";

interface Rough {
  /** Of all rows; where every row has something, what speaks against the one that comes furthest. */
  readonly excluded: FilterWord | "";
  readonly open: readonly RoutingRow[];
  /** Against which only their failures speak. */
  readonly failing: readonly RoutingRow[];
}

function sieveModel(
  { model, likeness }: { readonly model: RoutingModel; readonly likeness: Likeness },
  state: ModelState | undefined,
  needs: Needs,
  isGoodEnough: (model: string) => boolean,
): Rough {
  const needed: Needed = {
    needs,
    permitted: needs.facts.mayUse(model.model),
    outputTokens: state?.outputTokens ?? likelyAnswerTokens,
  };
  const words = model.rows.map((row, index) => whyNot(row[likeness], state?.health[index] ?? "open", needed));
  const open = model.rows.filter((_, index) => words[index] === "");
  const failing = model.rows.filter((_, index) => words[index] === "ejected");
  if (open.length + failing.length === 0) return { excluded: furthest(words), open, failing };
  if (!isGoodEnough(model.model)) return { excluded: "min-quality", open: [], failing: [] };
  return { excluded: open.length > 0 ? "" : "ejected", open, failing };
}

/** Of what speaks against its rows, what is looked at last: the row that comes furthest is the nearest to an answer. */
function furthest(words: readonly (FilterWord | "")[]): FilterWord {
  return filterOrder.findLast((word) => words.includes(word)) ?? "unreachable";
}

/** Language gives way before health, and both give way rather than leave nothing. */
function relaxed(
  rough: readonly Rough[],
  models: readonly RoutingModel[],
  speaks: (row: RoutingRow) => boolean,
): readonly Sieved[] {
  const isOpen = rough.some(({ open }) => open.length > 0);
  const rowsOf = (one: Rough): readonly RoutingRow[] => (isOpen ? one.open : one.failing);
  const anySpeaks = rough.some((one) => rowsOf(one).some(speaks));
  return models.map((_, index) => {
    const one = rough[index] ?? { excluded: "unreachable", open: [], failing: [] };
    const left = rowsOf(one);
    if (left.length === 0) return { excluded: one.excluded === "" ? "unreachable" : one.excluded, rows: [] };
    const rows = anySpeaks ? left.filter(speaks) : left;
    return rows.length === 0 ? { excluded: "language", rows } : { excluded: "", rows };
  });
}
