// Mode intelligent as the form holds it, and the way from and to the resource. Knows no React.
import type { ModelApi } from "../../../api/resources.ts";
import type { Body } from "../resource-body.ts";

export type StoredRouting = Extract<ModelApi["modelService"], { mode: "intelligent" }>;
export type Profile = StoredRouting["profile"];
export type Candidate = StoredRouting["candidates"][number];
export type RoutingRule = StoredRouting["rules"][number];
export type RoutingDomain = StoredRouting["domains"][number];
export type Classifier = NonNullable<StoredRouting["classifier"]>;

/** A price of which one part may not be typed yet. */
export interface PriceDraft {
  readonly input: number | undefined;
  readonly output: number | undefined;
}

/** What its author says of a candidate; undefined: as known, else assumed. */
export interface CandidateDraft extends Omit<Candidate, "price"> {
  readonly id: string;
  readonly price?: PriceDraft | undefined;
}
export interface RuleRow {
  readonly id: string;
  readonly rule: RoutingRule;
}
export interface DomainRow {
  readonly id: string;
  readonly domain: RoutingDomain;
}

export interface RoutingDraft extends Omit<
  StoredRouting,
  "mode" | "candidates" | "rules" | "domains" | "weights"
> {
  readonly candidates: readonly CandidateDraft[];
  readonly rules: readonly RuleRow[];
  readonly domains: readonly DomainRow[];
  readonly weights?: { readonly cost: number | undefined; readonly latency: number | undefined } | undefined;
}

/** As the resource has it; a test compares. */
export const newRouting: RoutingDraft = {
  profile: "balanced",
  candidates: [],
  rules: [],
  builtInDomains: true,
  domains: [],
  stickiness: { enabled: true, minutes: 60 },
  otherNames: "route",
  exploration: 0,
  learning: { enabled: false, autoPublish: false },
};

export function newCandidate(id: string, service: string): CandidateDraft {
  return { id, service, model: "", strengths: {} };
}

export const newRule: RoutingRule = { name: "", patterns: [], keywords: [] };
export const newDomain: RoutingDomain = { name: "", patterns: [], keywords: [], examples: [], prefer: [] };

export function routingOf(service: StoredRouting, newId: () => string): RoutingDraft {
  const { mode: _mode, ...rest } = service;
  return {
    ...rest,
    candidates: service.candidates.map((candidate) => ({ id: newId(), ...candidate })),
    rules: service.rules.map((rule) => ({ id: newId(), rule })),
    domains: service.domains.map((domain) => ({ id: newId(), domain })),
  };
}

export function routingBody(draft: RoutingDraft): Body {
  return {
    mode: "intelligent",
    ...draft,
    candidates: draft.candidates.map(({ id: _id, ...candidate }) => candidate),
    rules: draft.rules.map(({ rule }) => rule),
    domains: draft.domains.map(({ domain }) => domain),
  };
}

/** The same body without what is as it would be anyway, for reading. */
export function plainRouting(service: Body): Body {
  const plain = routingBody(newRouting);
  const isSame = (name: string, value: unknown): boolean =>
    name !== "mode" && name !== "candidates" && JSON.stringify(value) === JSON.stringify(plain[name]);
  return Object.fromEntries(
    Object.entries(service)
      .filter(([name, value]) => value !== undefined && !isSame(name, value))
      .map(([name, value]) => [name, Array.isArray(value) ? value.map(withoutEmpty) : value]),
  );
}

/** A row without its empty lists and tables. */
function withoutEmpty(row: unknown): unknown {
  if (typeof row !== "object" || row === null) return row;
  const isEmpty = (value: unknown): boolean =>
    value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(row).filter(([, value]) => !isEmpty(value)));
}

/** Each model once, in the order of the rows; those without a name are not there. */
export function modelsOf({ candidates }: Pick<RoutingDraft, "candidates">): readonly string[] {
  return [...new Set(candidates.map(({ model }) => model))].filter((model) => model !== "");
}

/** Rows of one model at several services belong together. */
export interface ModelGroup {
  readonly model: string;
  readonly rows: readonly { readonly row: CandidateDraft; readonly index: number }[];
}

/** Rows by model, models in the order of their first row; a row without a model is a group of its own. */
export function groupsOf({ candidates }: Pick<RoutingDraft, "candidates">): readonly ModelGroup[] {
  const groups = new Map<string, { row: CandidateDraft; index: number }[]>();
  candidates.forEach((row, index) => {
    const key = row.model === "" ? `:${row.id}` : row.model;
    const rows = groups.get(key) ?? [];
    rows.push({ row, index });
    groups.set(key, rows);
  });
  return [...groups.values()].map((rows) => ({ model: rows[0]?.row.model ?? "", rows }));
}

const lineBreak = "⏎";

/** Examples as lines of a text: a break inside of one is written as a sign. */
export function examplesText(examples: readonly string[]): string {
  return examples.map((example) => example.replaceAll(/\r?\n/gu, lineBreak)).join("\n");
}

/** What a text of examples holds: one a line, each once, empty ones left out. */
export function examplesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/u).map((line) => line.replaceAll(lineBreak, "\n").trim());
  return [...new Set(lines)].filter((line) => line !== "");
}
