// Trains what mode intelligent learns, one run at a time for each Model API: labels in, a version and a verdict out. What is
// not done when the program ends has never been. Knows no HTTP and no thread.
import { isoTime } from "../../lib/iso-time.ts";
import type { StoredPrompt } from "../../routing/learning/learning-task.ts";
import { featuresVersion } from "../../routing/prompt/prompt-features.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { draftRouting, requireIntelligent, type Intelligent } from "./draft-routing.ts";
import type { LabelBook } from "./label-book.ts";
import type { RouterVersions } from "./router-versions.ts";
import type { TrainingRun, VersionReport } from "./routing-answers.ts";
import type { LearningPort } from "./routing-port.ts";

/** New labels from which an API that publishes by itself is trained again: so many, and such a share of the old. */
const enoughNew = 50;
const enoughShare = 0.2;

export interface TrainingPorts {
  readonly configuration: Pick<Configuration, "working" | "snapshot">;
  readonly labels: LabelBook;
  readonly versions: RouterVersions;
  readonly learning: LearningPort;
  readonly wallMs: () => number;
  /** Told of a run that failed for no fault of the labels; must not throw. */
  readonly report: (api: string, error: unknown) => void;
}

interface Running {
  readonly since: string;
  readonly by: string;
  readonly ended: Promise<void>;
}

type Outcome = Pick<TrainingRun, "version" | "result" | "shares" | "curve">;

export class Trainings {
  readonly #ports: TrainingPorts;
  readonly #running = new Map<string, Running>();
  #stopped = false;

  constructor(ports: TrainingPorts) {
    this.#ports = ports;
  }

  /** The program ends: a run that is cut off leaves no word. */
  stop(): void {
    this.#stopped = true;
  }

  runningOf(api: string): Pick<Running, "since" | "by"> | undefined {
    return this.#running.get(api);
  }

  /** Resolves when no run goes on. */
  async settled(api: string): Promise<void> {
    await this.#running.get(api)?.ended;
  }

  /** Begins a run. @throws ControlError `conflict` where one goes on, or the API does not learn; StoreUnavailable */
  start(api: string, by: string): void {
    if (this.#running.has(api)) throw new ControlError("conflict", `"${api}" is being trained already.`);
    const { wallMs, report } = this.#ports;
    const modelService = this.#modelServiceOf(api);
    const startMs = wallMs();
    const ended = this.#train(api, modelService, by)
      .then((outcome) =>
        this.#keep(api, { at: isoTime(startMs), by, tookMs: wallMs() - startMs, ...outcome }),
      )
      .catch((error: unknown) => report(api, error))
      .finally(() => this.#running.delete(api));
    this.#running.set(api, { since: isoTime(startMs), by, ended });
  }

  /** Starts what publishes by itself and has enough new labels. */
  startDue(): void {
    for (const [api, { value }] of this.#ports.configuration.working.resources["model-apis"]) {
      if (value.modelService.mode !== "intelligent" || this.#running.has(api)) continue;
      const { enabled, autoPublish } = value.modelService.learning;
      if (enabled && autoPublish && this.#isDue(api)) this.start(api, "program");
    }
  }

  #isDue(api: string): boolean {
    const { labels, versions } = this.#ports;
    const [newest] = versions.versionsOf(api);
    const since = labels.countSince(api, newest?.upTo ?? 0);
    return since >= Math.max(enoughNew, enoughShare * (newest?.labels ?? 0));
  }

  #modelServiceOf(api: string): Intelligent {
    const { working } = this.#ports.configuration;
    const found = working.resources["model-apis"].get(api);
    if (found === undefined) throw new ControlError("not_found", `There is no Model API "${api}".`);
    return requireIntelligent(api, found.value.modelService);
  }

  async #train(api: string, modelService: Intelligent, by: string): Promise<Outcome> {
    const { configuration, labels, versions, learning } = this.#ports;
    const kept = labels.labelsOf(api);
    const against = versions.inUse(api);
    const publishedUpTo = versions.versionsOf(api).find(({ number }) => number === against)?.upTo ?? 0;
    const upTo = kept.labels.at(-1)?.place ?? 0;
    const { policy, models } = draftRouting(configuration.snapshot, modelService);
    const prompts = storedPrompts(kept);
    let trained;
    try {
      trained = await learning.run("train", { policy, models, prompts, publishedUpTo });
    } catch (error) {
      if (!this.#stopped) this.#ports.report(api, error);
      return nothing("The training failed; the operational log has the details.");
    }
    if (trained === null) return nothing(noLabels(api, labels.countUnusable(api)));
    // A Model API that is no more must not come back by what was learnt for it.
    if (!configuration.working.resources["model-apis"].has(api)) return nothing("The Model API is no more.");
    const { table, report } = trained;
    const whole: VersionReport = { ...report, against, features: featuresVersion };
    const { labels: count, prompts: promptCount } = report;
    const number = versions.add(
      { api, by, labels: count, prompts: promptCount, upTo, report: JSON.stringify(whole) },
      table,
    );
    await this.#publishBetter(api, number, whole);
    return { version: number, result: report.reason, shares: report.shares, curve: report.curve };
  }

  /** Where the API says so, and nothing else was put into use meanwhile. */
  async #publishBetter(api: string, version: number, { verdict, against }: VersionReport): Promise<void> {
    const { configuration, versions } = this.#ports;
    const { modelService } = configuration.working.resources["model-apis"].get(api)?.value ?? {};
    const wanted = modelService?.mode === "intelligent" && modelService.learning.autoPublish;
    const current = versions.inUse(api);
    if (wanted && verdict === "better" && current === against)
      await versions.publish(api, version, "program");
  }

  #keep(api: string, run: TrainingRun): void {
    if (this.#stopped) return;
    if (!this.#ports.configuration.working.resources["model-apis"].has(api)) return;
    this.#ports.versions.keepRun(api, run);
  }
}

function noLabels(api: string, unusable: number): string {
  return unusable === 0
    ? `No candidate of "${api}" has a label yet.`
    : `No candidate of "${api}" has a label that can be used: ${unusable} are of prompts that another version of the program has read.`;
}

function nothing(result: string): Outcome {
  return { version: null, result, shares: [], curve: [] };
}

/** Prompts with their labels, in the order of their newest one. */
function storedPrompts({ labels, prompts }: ReturnType<LabelBook["labelsOf"]>): StoredPrompt[] {
  const byRequest = Map.groupBy(labels, ({ requestId }) => requestId);
  const newest = (requestId: string): number => byRequest.get(requestId)?.at(-1)?.place ?? 0;
  return prompts
    .toSorted((left, right) => newest(left.requestId) - newest(right.requestId))
    .map(({ requestId, sketch, evidence }) => ({
      sketch,
      evidence,
      labels: (byRequest.get(requestId) ?? []).map(({ model, score, weight, place }) => ({
        model,
        score,
        weight,
        place,
      })),
    }));
}
