// Looks at every alert again and again, keeps how each stands over restarts, and tells webhooks. Time, metrics, posting
// and the file come in as ports; knows no HTTP.
import { metrics } from "../../core/metric-names.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type { Post } from "../../lib/guarded-post.ts";
import type { MetricAnswer, MetricsAnswer, MetricsQuery } from "../../telemetry/metrics-answers.ts";
import { createSerialQueue } from "../serial-queue.ts";
import type { AlertState, AlertTestAnswer } from "./alert-answers.ts";
import { parseMemory } from "./alert-memory.ts";
import type { AlertFile, Letter } from "./alert-memory.ts";
import { bodyOf, deliveryIdOf, headersOf } from "./alert-message.ts";
import type { AlertMessage, AlertOrigin } from "./alert-message.ts";
import { measured, nextStanding, selectionOf, windowMsOf } from "./alert-rule.ts";
import type { Alert, AlertStanding } from "./alert-rule.ts";
import { maxTries, pauseMs, postOnce } from "./post-once.ts";

export interface AlertEnginePorts {
  /** Alerts as they are configured now, with their secrets in clear. */
  readonly alerts: () => readonly Alert[];
  readonly askMetrics: (query: MetricsQuery) => Promise<MetricsAnswer>;
  readonly post: Post;
  readonly file: AlertFile;
  readonly wallMs: () => number;
  readonly origin: () => AlertOrigin;
  /** Told of what an operator should know; must not throw. */
  readonly report: (event: AlertEvent, alert: string, message: string) => void;
}

export type AlertEvent = "alert-firing" | "alert-resolved" | "alert-undelivered" | "alerts-not-watched";

export interface AlertEngine {
  /** Looks at all enabled alerts once. */
  look(): Promise<void>;
  /** Sends the messages that are due. */
  deliver(): Promise<void>;
  states(): readonly AlertState[];
  /** Sends a test to every webhook of an alert, once. */
  test(alert: Alert): Promise<AlertTestAnswer>;
  /** Ends what is being sent; what was not sent is kept. */
  close(): Promise<void>;
}

interface Look {
  readonly value: number | null;
  readonly atMs: number;
}

/** Selections that one question may have. */
const maxSelections = 40;
const maxLetters = 1_000;
const stepMs = 10_000;
/** Longer windows are asked for in whole minutes, as short slots are not kept for long. */
const finestWindowMs = 2 * 3_600_000;
/** After a start records are still being read in: for so long nothing is believed to be over. */
const readingInMs = 60_000;

export async function openAlertEngine(ports: AlertEnginePorts): Promise<AlertEngine> {
  const memory = parseMemory(await ports.file.read());
  return new Engine(ports, new Map(Object.entries(memory.standings)), memory.letters);
}

class Engine implements AlertEngine {
  readonly #ports: AlertEnginePorts;
  readonly #standings: Map<string, AlertStanding>;
  readonly #looks = new Map<string, Look>();
  readonly #errors = new Map<string, { readonly at: string; readonly message: string }>();
  readonly #startedMs: number;
  readonly #ended = new AbortController();
  readonly #inTurn = createSerialQueue();
  #letters: readonly Letter[];
  #isLookDue = false;
  /** Metrics could not be asked for the last time: said once. */
  #isBlind = false;
  #kept = "";

  constructor(ports: AlertEnginePorts, standings: Map<string, AlertStanding>, letters: readonly Letter[]) {
    this.#ports = ports;
    this.#standings = standings;
    this.#letters = letters;
    this.#startedMs = ports.wallMs();
    this.#kept = this.#text();
  }

  look(): Promise<void> {
    // One that waits for its turn sees what has changed until then.
    if (this.#isLookDue || this.#ended.signal.aborted) return Promise.resolve();
    this.#isLookDue = true;
    return this.#inTurn(async () => {
      this.#isLookDue = false;
      await this.#lookNow();
    });
  }

  async #lookNow(): Promise<void> {
    const alerts = this.#ports.alerts();
    const watched = alerts.filter(({ enabled }) => enabled);
    this.#forget(alerts);
    for (const [windowMs, group] of Map.groupBy(watched, windowMsOf)) {
      for (let first = 0; first < group.length; first += maxSelections)
        await this.#lookAt(windowMs, group.slice(first, first + maxSelections));
    }
    await this.#keep();
  }

  async #lookAt(windowMs: number, alerts: readonly Alert[]): Promise<void> {
    const nowMs = this.#ports.wallMs();
    let answer: MetricsAnswer;
    try {
      answer = await this.#ports.askMetrics({
        fromMs: nowMs - windowMs,
        toMs: nowMs,
        stepMs: windowMs > finestWindowMs ? 6 * stepMs : stepMs,
        filters: [],
        selections: alerts.map(selectionOf),
      });
    } catch (error) {
      if (!this.#isBlind) this.#ports.report("alerts-not-watched", "", String(error));
      this.#isBlind = true;
      return;
    }
    this.#isBlind = false;
    alerts.forEach((alert, index) => {
      const value = measured(alert.metric, totalOf(answer.metrics[index]));
      if (this.#isBelievable(alert, answer, nowMs, windowMs)) this.#take(alert, value, nowMs);
    });
  }

  /** Too few may just not have been read in yet; and what fires is not over because of it. */
  #isBelievable({ name, op }: Alert, { complete, since }: MetricsAnswer, nowMs: number, windowMs: number) {
    if (complete) return true;
    const runsMs = nowMs - this.#startedMs;
    if (op === "<" || op === "<=") return runsMs >= windowMs;
    // Where records begin behind the start of the window there simply are none from before.
    const mayBeMissing = since === null || Date.parse(since) <= nowMs - windowMs;
    return !mayBeMissing || runsMs >= readingInMs || this.#standings.get(name)?.state !== "firing";
  }

  #take(alert: Alert, value: number | null, nowMs: number): void {
    const { name } = alert;
    const before = this.#standings.get(name);
    const standing = nextStanding(before, alert, value, nowMs);
    this.#looks.set(name, { value, atMs: nowMs });
    this.#standings.set(name, standing);
    if (standing.state === before?.state) return;
    const state =
      standing.state === "firing" ? "firing" : before?.state === "firing" ? "resolved" : undefined;
    if (state === undefined) return;
    this.#ports.report(`alert-${state}`, name, `${alert.metric} is ${value ?? "unknown"}`);
    this.#write(alert, { alert: name, state, sinceMs: standing.sinceMs, value });
  }

  #write(alert: Alert, message: AlertMessage): void {
    const body = bodyOf(alert, message, this.#ports.origin());
    const letters = alert.notify.map(({ webhook }) => ({
      alert: alert.name,
      webhook,
      deliveryId: deliveryIdOf(message, webhook),
      body,
      tries: 0,
      nextTryMs: message.sinceMs,
    }));
    this.#letters = [...this.#letters, ...letters].slice(-maxLetters);
  }

  /** Alerts that are gone or switched off stand nowhere; messages go to webhooks that are still named. */
  #forget(alerts: readonly Alert[]): void {
    const byName = new Map(alerts.map((alert) => [alert.name, alert]));
    const nowMs = this.#ports.wallMs();
    for (const [name, standing] of this.#standings) {
      const alert = byName.get(name);
      if (alert?.enabled === true) continue;
      this.#standings.delete(name);
      this.#looks.delete(name);
      if (alert !== undefined && standing.state === "firing")
        this.#write(alert, { alert: name, state: "resolved", sinceMs: nowMs, value: null });
    }
    for (const name of this.#errors.keys()) if (!byName.has(name)) this.#errors.delete(name);
    this.#letters = this.#letters.filter(({ alert, webhook }) =>
      byName.get(alert)?.notify.some((target) => target.webhook === webhook),
    );
  }

  deliver(): Promise<void> {
    if (this.#ended.signal.aborted) return Promise.resolve();
    return this.#inTurn(async () => {
      const nowMs = this.#ports.wallMs();
      const due = firstOfEach(this.#letters).filter(({ nextTryMs }) => nextTryMs <= nowMs);
      if (due.length === 0) return;
      const after = new Map(
        await Promise.all(due.map(async (letter) => [letter, await this.#send(letter)] as const)),
      );
      this.#letters = this.#letters.flatMap((letter) => {
        const rest = after.has(letter) ? after.get(letter) : letter;
        return rest === undefined ? [] : [rest];
      });
      await this.#keep();
    });
  }

  /** @returns the letter as it is tried again; undefined when it is done with */
  async #send(letter: Letter): Promise<Letter | undefined> {
    const { alert, webhook, body, deliveryId } = letter;
    const secret = this.#secretOf(alert, webhook);
    const headers = headersOf(body, deliveryId, secret);
    const sent = await postOnce(this.#ports.post, { url: webhook, body, headers }, this.#ended.signal);
    if (this.#ended.signal.aborted && !sent.ok) return letter;
    if (sent.ok) {
      this.#errors.delete(alert);
      return undefined;
    }
    const nowMs = this.#ports.wallMs();
    this.#errors.set(alert, { at: isoTime(nowMs), message: sent.message });
    const tries = letter.tries + 1;
    if (tries < maxTries) return { ...letter, tries, nextTryMs: nowMs + pauseMs(tries) };
    this.#ports.report("alert-undelivered", alert, `${sent.message} Given up after ${tries} tries.`);
    return undefined;
  }

  #secretOf(name: string, webhook: string): string | undefined {
    const alert = this.#ports.alerts().find((candidate) => candidate.name === name);
    return secretOf(alert?.notify.find((target) => target.webhook === webhook));
  }

  states(): readonly AlertState[] {
    return this.#ports.alerts().map((alert): AlertState => {
      const { name, metric, enabled } = alert;
      const standing = enabled ? this.#standings.get(name) : undefined;
      const look = enabled ? this.#looks.get(name) : undefined;
      return {
        name,
        state: enabled ? (standing?.state ?? "waiting") : "off",
        since: standing === undefined ? null : isoTime(standing.sinceMs),
        value: look?.value ?? null,
        unit: metrics[metric].unit,
        windowSeconds: windowMsOf(alert) / 1_000,
        evaluatedAt: look === undefined ? null : isoTime(look.atMs),
        lastError: this.#errors.get(name) ?? null,
        undelivered: this.#letters.filter((letter) => letter.alert === name).length,
      };
    });
  }

  async test(alert: Alert): Promise<AlertTestAnswer> {
    const sinceMs = this.#ports.wallMs();
    const message: AlertMessage = {
      alert: alert.name,
      state: "test",
      sinceMs,
      value: this.#looks.get(alert.name)?.value ?? null,
    };
    const body = bodyOf(alert, message, this.#ports.origin());
    const results = await Promise.all(
      alert.notify.map(async (target) => {
        const { webhook } = target;
        const headers = headersOf(body, deliveryIdOf(message, webhook), secretOf(target));
        const sent = await postOnce(this.#ports.post, { url: webhook, body, headers }, this.#ended.signal);
        return { webhook, ...sent, ms: Math.max(0, this.#ports.wallMs() - sinceMs) };
      }),
    );
    return { ok: results.length > 0 && results.every(({ ok }) => ok), results };
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.#inTurn(() => this.#keep());
  }

  #text(): string {
    return JSON.stringify({ standings: Object.fromEntries(this.#standings), letters: this.#letters });
  }

  async #keep(): Promise<void> {
    const text = this.#text();
    if (text === this.#kept) return;
    try {
      await this.#ports.file.write(text);
      this.#kept = text;
    } catch (error) {
      this.#ports.report("alerts-not-watched", "", `their state cannot be kept: ${String(error)}`);
    }
  }
}

/** What a webhook is told of an alert, it is told in its order. */
function firstOfEach(letters: readonly Letter[]): Letter[] {
  const first = new Map<string, Letter>();
  for (const letter of letters) {
    const key = JSON.stringify([letter.alert, letter.webhook]);
    if (!first.has(key)) first.set(key, letter);
  }
  return [...first.values()];
}

function totalOf(answer: MetricAnswer | undefined): number | null | undefined {
  return answer?.series[0]?.total;
}

/** Secrets of what is in memory are opened. */
function secretOf(target: Alert["notify"][number] | undefined): string | undefined {
  const secret = target?.secret;
  return typeof secret === "string" ? secret : undefined;
}
