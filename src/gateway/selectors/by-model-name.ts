// Mode by-model-name: the model that the request names picks the target.
import type { Clock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { Decision } from "../../core/exchange-record.ts";
import { compilePattern, type Pattern } from "../../lib/wildcard.ts";
import { admit, standingReasons } from "../targets/standing.ts";
import type { Selectable, Selection, Selector, Target } from "./selector.ts";

export interface ModelNameOptions {
  /** In list order. */
  readonly rules: readonly { readonly pattern: string; readonly target: Target }[];
  /** For what no rule fits, and for requests that name no model. */
  readonly default: Target | undefined;
}

/** Where a rule leads. Its decision is the same object for every request: nothing about it depends on one. */
interface Way {
  readonly target: Target;
  readonly decision: Decision;
}

export function createByModelNameSelector(
  options: ModelNameOptions,
  clock: Pick<Clock, "monotonicMs">,
): Selector {
  // Made by the first request: a new configuration makes the selectors of every Model API anew, asked or not.
  let find: ReturnType<typeof ruleFinder> | undefined;
  const noneFits = options.default && wayTo(options.default, "no rule fits: the default target");
  const noneNamed = options.default && wayTo(options.default, "no model is named: the default target");
  return {
    select(request) {
      const { requestedModel } = request;
      find ??= ruleFinder(options.rules);
      const way = requestedModel === undefined ? noneNamed : (find(requestedModel) ?? noneFits);
      if (way === undefined) throw notServed(requestedModel, options.rules);
      return selection(way, request, clock.monotonicMs());
    },
  };
}

/** Exact names come before patterns, patterns with more literal characters before others, then the list's order. */
function ruleFinder(rules: ModelNameOptions["rules"]): (model: string) => Way | undefined {
  const exact = new Map<string, Way>();
  const wildcards: { readonly pattern: Pattern; readonly way: Way }[] = [];
  for (const rule of rules) {
    const pattern = compilePattern(rule.pattern);
    const way = wayTo(rule.target, `rule ${JSON.stringify(rule.pattern)} fits`);
    if (!pattern.exact) wildcards.push({ pattern, way });
    else if (!exact.has(pattern.source)) exact.set(pattern.source, way);
  }
  // The sort is stable.
  wildcards.sort((a, b) => b.pattern.literals - a.pattern.literals);
  return (model) => exact.get(model) ?? wildcards.find(({ pattern }) => pattern.matches(model))?.way;
}

function wayTo(target: Target, reason: string): Way {
  const candidates = [{ service: target.service.config.name, model: target.model ?? "", reason: "" }];
  return { target, decision: { mode: "by-model-name", reason, candidates } };
}

function selection({ target, decision }: Way, request: Selectable, nowMs: number): Selection {
  const standing = admit(target, request, nowMs);
  if (standing === "ready") return { target, standing, decision };
  const candidates = decision.candidates.map((row) => ({ ...row, reason: standingReasons[standing] }));
  return { target, standing, decision: { ...decision, candidates } };
}

/** A client may send a name of any length; a message is for people. */
const maxShownName = 100;
const maxShownPatterns = 5;

function notServed(model: string | undefined, rules: ModelNameOptions["rules"]): GatewayError {
  const what =
    model === undefined
      ? "The request names no model, and this Model API has no default one."
      : `This Model API does not serve the model ${shown(model)}.`;
  return new GatewayError("model_not_found", { message: `${what} ${servedText(rules)}`, param: "model" });
}

function servedText(rules: ModelNameOptions["rules"]): string {
  const different = [...new Set(rules.map(({ pattern }) => pattern))];
  if (different.length === 0) return "It serves none: it has no rules.";
  const listed = different.slice(0, maxShownPatterns).map(shown).join(", ");
  const more = different.length - maxShownPatterns;
  return `It serves ${listed}${more > 0 ? ` and ${more} more` : ""}.`;
}

/** Quoted, so that no line break or control character of a name gets into a message. */
function shown(name: string): string {
  const quoted = JSON.stringify(name.slice(0, maxShownName));
  if (name.length <= maxShownName && quoted.length <= maxShownName + 2) return quoted;
  return `${quoted.slice(0, maxShownName).toWellFormed()}…"`;
}
