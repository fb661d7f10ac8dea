// The judge jobs of this gateway: one at a time per Model API and few together, watched, cancelled, and ended in so many
// words where the gateway was stopped. Knows no HTTP and no prompt.
import { roundCost } from "../../../core/price.ts";
import { isoTime } from "../../../lib/iso-time.ts";
import type { ModelService } from "../../../resources/model-service.ts";
import type { Configuration } from "../../configuration.ts";
import { ControlError } from "../../control-error.ts";
import type { TelemetryPort } from "../../routes/ports.ts";
import type { LabelBook } from "../label-book.ts";
import { runJudgeJob, type Comparison, type JudgedModel, type JudgeEnd } from "./judge-job.ts";
import { Spending } from "./judge-spending.ts";
import { keptJudgeStates, type JudgeState, type SkipReason } from "./judge-state.ts";
import { recordedPrompts } from "./recorded-prompts.ts";
import type { ReplayPort, ReplayTarget } from "./replay-port.ts";

/** Model APIs that are judged at a time. */
const maxRunning = 4;
/** Exchanges that are looked at for each prompt that is to be judged. */
const looksPerPrompt = 10;
/** Prompts between two writes of how a job stands. */
const keepEvery = 10;

export interface JudgeOrder {
  readonly from: string | null;
  readonly to: string | null;
  readonly limit: number;
  readonly models: readonly string[];
  readonly maxCostUsd: number | null;
  readonly maxRequests: number;
}

export interface JudgeJobsPorts {
  readonly configuration: Pick<Configuration, "working">;
  readonly telemetry: TelemetryPort;
  readonly replay: ReplayPort;
  readonly labels: Pick<LabelBook, "add" | "labelsOf">;
  readonly wallMs: () => number;
  /** Where it is kept how jobs stand. */
  readonly file: { read(): Promise<string | undefined>; write(text: string): Promise<void> };
  readonly onProblem: (error: unknown) => void;
}

type Intelligent = Extract<ModelService, { readonly mode: "intelligent" }>;
type Learning = Intelligent["learning"] & { readonly judge: NonNullable<Intelligent["learning"]["judge"]> };
type Open = { -readonly [Field in keyof JudgeState]: JudgeState[Field] };

interface JobParts {
  readonly state: Open;
  readonly order: JudgeOrder;
  readonly judge: JudgedModel["places"][number];
  readonly models: readonly JudgedModel[];
  /** Requests whose answers were compared before. */
  readonly known: ReadonlySet<string>;
}

interface Running {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

export class JudgeJobs {
  readonly #ports: JudgeJobsPorts;
  readonly #states: Map<string, JudgeState>;
  readonly #running = new Map<string, Running>();
  #writing: Promise<void> = Promise.resolve();
  #stopped = false;

  private constructor(ports: JudgeJobsPorts, states: Map<string, JudgeState>) {
    this.#ports = ports;
    this.#states = states;
  }

  /** What ran when the gateway stopped without a word is interrupted. */
  static async open(ports: JudgeJobsPorts): Promise<JudgeJobs> {
    const endedAt = isoTime(ports.wallMs());
    const kept = Object.entries(await keptStates(ports));
    const states = kept.map(([api, state]): [string, JudgeState] => [
      api,
      state.state === "running" ? { ...state, state: "interrupted", endedAt } : state,
    ]);
    return new JudgeJobs(ports, new Map(states));
  }

  /** Null: there was none. */
  stateOf(api: string): JudgeState | null {
    return this.#states.get(api) ?? null;
  }

  /** @param order its models are of candidates @throws ControlError `conflict`, StoreUnavailable */
  start(api: string, order: JudgeOrder, by: string): JudgeState {
    const modelService = this.#judgedService(api);
    if (this.#stopped) throw new ControlError("conflict", "The gateway is being stopped.");
    if (this.#running.has(api))
      throw new ControlError(
        "conflict",
        `Answers of "${api}" are being judged already: wait, or cancel that.`,
      );
    if (this.#running.size >= maxRunning)
      throw new ControlError(
        "conflict",
        `Answers of ${maxRunning} Model APIs are being judged: wait for one.`,
      );
    const judge = this.#priced(modelService.learning.judge);
    const models = order.models.map((model) => this.#judgedModel(modelService, model));
    this.#requirePrices(order, [judge, ...models.flatMap(({ places }) => places)]);
    const known = this.#judgedBefore(api);
    const state: Open = {
      ...order,
      state: "running",
      message: "",
      by,
      startedAt: isoTime(this.#ports.wallMs()),
      endedAt: null,
      judge: { service: judge.service, model: judge.model },
      looked: 0,
      judged: 0,
      labels: 0,
      requests: 0,
      costUsd: 0,
      skipped: {},
      models: models.map(({ model }) => ({ model, won: 0, lost: 0, tied: 0 })),
    };
    this.#states.set(api, state);
    const abort = new AbortController();
    const running = this.#run(api, { state, order, judge, models, known }, abort.signal);
    this.#running.set(api, { abort, ended: running });
    this.#keep();
    return state;
  }

  /** @throws ControlError `conflict` where nothing runs */
  async cancel(api: string): Promise<JudgeState> {
    const running = this.#running.get(api);
    if (running === undefined) throw new ControlError("conflict", `No answers of "${api}" are being judged.`);
    running.abort.abort();
    await running.ended;
    const state = this.#states.get(api);
    if (state === undefined) throw new ControlError("not_found");
    return state;
  }

  /** Ends what runs; its labels so far are kept. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ ended }) => ended));
    await this.#writing;
  }

  async #run(api: string, job: JobParts, signal: AbortSignal): Promise<void> {
    const { state, order, judge, models } = job;
    const { replay, labels } = this.#ports;
    const spending = new Spending({
      maxCostUsd: order.maxCostUsd ?? undefined,
      maxRequests: order.maxRequests,
    });
    const tell = (): void => {
      state.requests = spending.requests;
      state.costUsd = roundCost(spending.costUsd);
    };
    const prompts = this.#promptsFor(api, job);
    const end = await runJudgeJob({
      api,
      models,
      judge,
      limit: order.limit,
      prompts,
      replay,
      spending,
      signal,
      notWanted: () => this.#notWanted(api),
      onSkip: (reason) => {
        countSkip(state, reason);
        tell();
      },
      onJudged: (made, comparisons) => {
        labels.add(made);
        state.judged += 1;
        state.labels += made.length;
        state.models = state.models.map((row) => withComparisons(row, comparisons));
        tell();
        if (state.judged % keepEvery === 0) this.#keep();
      },
    });
    tell();
    await prompts.return(undefined);
    this.#ended(api, state, end);
  }

  #promptsFor(api: string, { state, order, known }: JobParts) {
    const { telemetry, replay } = this.#ports;
    return recordedPrompts({
      api,
      fromMs: millisecondsOf(order.from),
      toMs: millisecondsOf(order.to),
      maxLooked: order.limit * looksPerPrompt,
      known,
      telemetry,
      replay,
      onLook: (reason) => {
        state.looked += 1;
        if (reason !== undefined) countSkip(state, reason);
      },
    });
  }

  #ended(api: string, state: Open, end: JudgeEnd): void {
    const isCut = end.state === "cancelled" && this.#stopped;
    state.state = isCut ? "interrupted" : end.state;
    state.message = end.message;
    state.endedAt = isoTime(this.#ports.wallMs());
    this.#running.delete(api);
    this.#keep();
  }

  /** @throws ControlError `not_found`, `conflict` */
  #judgedService(api: string): Intelligent & { readonly learning: Learning } {
    const why = this.#notWanted(api);
    const modelService =
      this.#ports.configuration.working.resources["model-apis"].get(api)?.value.modelService;
    if (why !== undefined || modelService?.mode !== "intelligent") throw new ControlError("conflict", why);
    const { learning } = modelService;
    const { judge } = learning;
    if (judge === undefined) throw new ControlError("conflict", why);
    return { ...modelService, learning: { ...learning, judge } };
  }

  /** Words why nothing of this Model API is judged; undefined: it is. */
  #notWanted(api: string): string | undefined {
    const { modelService } = this.#ports.configuration.working.resources["model-apis"].get(api)?.value ?? {};
    if (modelService === undefined) return `There is no Model API "${api}" any more.`;
    if (modelService.mode !== "intelligent") return `The mode of "${api}" is not intelligent.`;
    if (!modelService.learning.enabled) return `"${api}" does not learn: set modelService.learning.enabled.`;
    if (modelService.learning.judge === undefined)
      return `"${api}" has no judge: set modelService.learning.judge to a service and a chat model.`;
    return undefined;
  }

  #judgedModel({ candidates }: Intelligent, model: string): JudgedModel {
    const places = candidates
      .filter((row) => row.model === model)
      .map(({ service, price }) => ({
        service,
        model,
        price: price ?? this.#ports.replay.price({ service, model }),
      }));
    return { model, places };
  }

  #priced(target: ReplayTarget): JudgedModel["places"][number] {
    return { service: target.service, model: target.model, price: this.#ports.replay.price(target) };
  }

  /** @throws ControlError `invalid` */
  #requirePrices({ maxCostUsd }: JudgeOrder, places: JudgedModel["places"]): void {
    if (maxCostUsd === null) return;
    const unknown = places.find(({ price }) => price === undefined);
    if (unknown === undefined) return;
    const { service, model } = unknown;
    const message = `No price of "${model}" at service "${service}" is known, so costs cannot be bounded: set one in the service's models, or leave maxCostUsd out and set maxRequests.`;
    throw new ControlError("invalid", message, [{ path: "maxCostUsd", message }]);
  }

  #judgedBefore(api: string): ReadonlySet<string> {
    const { labels } = this.#ports.labels.labelsOf(api);
    return new Set(labels.filter(({ source }) => source === "judge").map(({ requestId }) => requestId));
  }

  /** One write after the other, each of how things stand by then. */
  #keep(): void {
    const { file, configuration, onProblem } = this.#ports;
    this.#writing = this.#writing
      .then(() => {
        const apis = configuration.working.resources["model-apis"];
        for (const api of this.#states.keys())
          if (!apis.has(api) && !this.#running.has(api)) this.#states.delete(api);
        return file.write(JSON.stringify(Object.fromEntries(this.#states)));
      })
      .catch(onProblem);
  }
}

async function keptStates({ file, onProblem }: JudgeJobsPorts): Promise<Record<string, JudgeState>> {
  try {
    const text = await file.read();
    return text === undefined ? {} : keptJudgeStates.parse(JSON.parse(text));
  } catch (error) {
    onProblem(error);
    return {};
  }
}

function countSkip(state: Open, reason: SkipReason): void {
  state.skipped = { ...state.skipped, [reason]: (state.skipped[reason] ?? 0) + 1 };
}

type Standing = JudgeState["models"][number];

function withComparisons(row: Standing, comparisons: readonly Comparison[]): Standing {
  const own = comparisons.filter(({ first, second }) => first === row.model || second === row.model);
  const won = own.filter(({ winner }) => winner === row.model).length;
  const tied = own.filter(({ winner }) => winner === undefined).length;
  return { ...row, won: row.won + won, tied: row.tied + tied, lost: row.lost + own.length - won - tied };
}

function millisecondsOf(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}
