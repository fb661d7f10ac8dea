// The steps that try the keys of a service and read its list of models: the same cheap request serves both.
import type { ModelListSource } from "../../providers/model-lists.ts";
import { readModelList } from "../../protocols/read-model-list.ts";
import { ask, type Asked } from "./ask.ts";
import { StepFailed, type TestedKey } from "./report.ts";
import type { TestContext } from "./test-context.ts";
import { testRequest } from "./test-request.ts";
import { verdictOn, type Verdict } from "./verdict.ts";

/** The longest lists have under 1 MiB; each key may bring one. */
const maxListBytes = 4 * 1024 * 1024;
const maxModels = 2_000;
/** More are not tried: each costs a request. */
const maxKeys = 20;

interface Told {
  readonly message: string;
  readonly skipped?: true;
}

/** What became of the keys. */
export interface TriedKeys {
  readonly keys: readonly TestedKey[];
  /** Value of the first key that was not refused; "" without keys. */
  readonly good: string;
  /** The list of models, where the keys were tried with it; undefined: not asked for yet. */
  readonly list: Verdict | undefined;
  readonly told: Told;
  /** Why no key is good; null when one is. */
  readonly fault: string | null;
}

interface Tried {
  readonly value: string;
  readonly verdict: Verdict;
  readonly row: TestedKey;
}

/** @throws StepFailed */
export async function tryKeys(context: TestContext): Promise<TriedKeys> {
  const { config, discovery, options } = context;
  if (!config.usable && config.keys.length === 0) {
    throw new StepFailed("No key of the service is enabled.");
  }
  const chosen = config.keys.filter(({ name }) => options.key === undefined || name === options.key);
  const keys = chosen.length === 0 ? [{ name: "", value: "" }] : chosen.slice(0, maxKeys);
  const first = keys[0]?.value ?? "";
  const source = discovery.key;
  if (source === undefined)
    return unproven(first, "Nothing but a call shows whether a key is accepted here.");
  const tried = await Promise.all(keys.map((key) => tryKey(context, source, key)));
  const good = tried.find(({ verdict }) => verdict.kind === "good");
  if (good === undefined && tried.every(({ verdict }) => verdict.kind === "absent")) {
    const message = `The service has nothing at ${source.path.replace(/\?.*$/u, "")} to try a key with: the call tries it.`;
    return { ...unproven(first, message), list: source === discovery.models ? tried[0]?.verdict : undefined };
  }
  const rows = chosen.length === 0 ? [] : tried.map(({ row }) => row);
  const bad = tried.find(({ verdict }) => verdict.kind === "bad");
  return {
    keys: rows,
    good: good?.value ?? first,
    list: source === discovery.models ? good?.verdict : undefined,
    told: { message: summary(rows, chosen.length) },
    fault: good === undefined ? (bad?.row.message ?? "No key could be tried.") : null,
  };
}

function unproven(good: string, message: string): TriedKeys {
  return { keys: [], good, list: undefined, told: { message, skipped: true }, fault: null };
}

function summary(rows: readonly TestedKey[], count: number): string {
  if (rows.length === 0) return "The service answers; it has no key.";
  const refused = rows.filter(({ ok }) => !ok).map(({ name }) => name);
  const untried = count > rows.length ? ` ${count - rows.length} more were not tried.` : "";
  if (refused.length > 0)
    return `${rows.length - refused.length} of ${rows.length} keys are accepted; not: ${refused.join(", ")}.${untried}`;
  return rows.length === 1 ? "The key is accepted." : `All ${rows.length} keys are accepted.${untried}`;
}

async function tryKey(
  context: TestContext,
  source: ModelListSource,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<Tried> {
  try {
    const answer = await askFor(context, source, value);
    const verdict = judge(answer, context);
    const message = verdict.kind === "good" ? "Accepted." : verdict.message;
    return { value, verdict, row: { name, ok: verdict.kind !== "bad", status: answer.status, message } };
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    const { message } = error;
    return { value, verdict: { kind: "bad", message }, row: { name, ok: false, status: 0, message } };
  }
}

/** @throws StepFailed */
export async function listModels(
  context: TestContext,
  tried: TriedKeys | null,
): Promise<{ readonly models: readonly string[]; readonly told: Told }> {
  const source = context.discovery.models;
  if (source === undefined)
    return { models: [], told: none("A service of this kind has no list of models.") };
  const list = tried?.list ?? judge(await askFor(context, source, tried?.good ?? ""), context);
  if (list.kind === "absent") return { models: [], told: none("The service has no list of models.") };
  if (list.kind === "bad") throw new StepFailed(list.message);
  const models = readModelList(list.value);
  if (models === undefined) throw new StepFailed("The answer holds no list of models.");
  const shown = models.slice(0, maxModels);
  const count = models.length === 1 ? "1 model." : `${models.length} models.`;
  const more = models.length > maxModels ? ` The first ${maxModels} are shown.` : "";
  return { models: shown, told: { message: count + more } };
}

function none(message: string): Told {
  return { message, skipped: true };
}

async function askFor(context: TestContext, source: ModelListSource, key: string): Promise<Asked> {
  const { upstream, options, left } = context;
  const request = await testRequest(context, {
    method: "GET",
    path: source.path,
    headers: source.headers ?? [],
    body: null,
    key,
    model: "",
  });
  const { clock, deadlines } = options;
  return ask(request, { upstream, clock, deadlineMs: deadlines.listMs, left, maxBytes: maxListBytes });
}

function judge(answer: Asked, { secrets }: TestContext): Verdict {
  if (answer.cut) return { kind: "bad", message: "The list of models is larger than 4 MiB." };
  return verdictOn(answer, secrets);
}
