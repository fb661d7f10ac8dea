// Runs one scenario with one policy in virtual time: arrivals, what becomes of each send, second attempts.
// It must not know how a policy chooses, nor what figures are made of the outcome.
import { performance } from "node:perf_hooks";

import { at } from "./at.ts";
import { EventQueue } from "./event-queue.ts";
import type { Ask, Policy, PolicyMaker, Watch, World } from "./policy.ts";
import { randomStream } from "./random.ts";
import type { Scenario } from "./scenario.ts";
import { type Send, type SendEvent, SimulatedService } from "./simulated-service.ts";
import type { LabRequest } from "./traces.ts";

/** What a request costs that got no answer, seconds. */
export const failureCostS = 10;
export const firstPacketTimeoutMs = 15_000;
/** Where no timeout is, this is how long a request may take until its first data. */
const longestMs = 600_000;
/** The virtual clock does not begin at zero, as zero means "never" to some. */
const clockStartMs = 1_000_000;

export interface Run {
  readonly scenario: Scenario;
  readonly requests: readonly LabRequest[];
  readonly seed: number;
  readonly policy: PolicyMaker;
  /** Gateway nodes that share nothing; requests go to them in turn. */
  readonly nodes: number;
  /** A request whose service failed goes to a second one. */
  readonly fallback: boolean;
}

/** One request of a run. */
export interface Outcome {
  readonly atMs: number;
  /** From arrival to first data; null = it failed. */
  ttftMs: number | null;
  /** Index of the service of the first attempt. */
  service: number;
  attempts: number;
  /** Real time that choosing and learning took, microseconds. */
  policyUs: number;
}

interface LabSend extends Send {
  readonly outcome: Outcome;
  readonly policy: Policy;
  readonly watch: Watch;
  readonly service: number;
}

export function simulate(run: Run): Outcome[] {
  return new Simulation(run).run();
}

class Simulation {
  readonly #run: Run;
  readonly #events = new EventQueue<{ readonly kind: SendEvent; readonly send: LabSend }>();
  readonly #services: readonly SimulatedService<LabSend>[];
  readonly #policies: readonly Policy[];
  readonly #outcomes: Outcome[] = [];
  #nowMs = 0;

  constructor(run: Run) {
    const { scenario, seed, nodes, fallback, policy } = run;
    this.#run = run;
    this.#services = scenario.services.map(
      (config, index) => new SimulatedService(config, this.#events, { seed, index }),
    );
    this.#policies = Array.from({ length: nodes }, (_, node) => {
      const world: World = {
        services: scenario.services.map(({ med }) => ({ typicalTtftS: med })),
        random: randomStream(seed, node, 77),
        firstPacketTimeoutMs,
        fallback,
        expectedCostS: (service, ask) => this.#expectedCostS(service, ask),
      };
      return policy(world);
    });
  }

  run(): Outcome[] {
    for (const request of this.#run.requests) {
      this.#runUntil(request.atMs);
      this.#nowMs = request.atMs;
      const outcome = { atMs: request.atMs, ttftMs: null, service: -1, attempts: 0, policyUs: 0 };
      this.#outcomes.push(outcome);
      this.#attempt(request, outcome, at(this.#policies, request.index % this.#policies.length));
    }
    this.#runUntil(Infinity);
    return this.#outcomes;
  }

  #runUntil(atMs: number): void {
    const events = this.#events;
    while (events.nextMs <= atMs) {
      this.#nowMs = events.nextMs;
      const event = events.pop();
      if (event === undefined) return;
      this.#happens(event.kind, event.send);
    }
  }

  #attempt(request: LabRequest, outcome: Outcome, policy: Policy): void {
    const sentMs = this.#nowMs;
    const excluded = outcome.attempts === 0 ? -1 : outcome.service;
    const { promptTokens } = request;
    const begunMs = performance.now();
    const start = policy.start({ nowMs: sentMs + clockStartMs, promptTokens, excluded });
    outcome.policyUs += (performance.now() - begunMs) * 1000;
    if (outcome.attempts === 0) outcome.service = start.service;
    outcome.attempts += 1;
    const { watch, service } = start;
    if (watch === undefined) return this.#tryAgain(request, outcome, policy);
    const timeoutMs = start.firstPacketTimeoutMs ?? firstPacketTimeoutMs;
    const giveUpMs = sentMs + (timeoutMs === 0 ? longestMs : timeoutMs);
    const send: LabSend = {
      request,
      sentMs,
      giveUpMs,
      place: "nowhere",
      endMs: Infinity,
      outcome,
      policy,
      watch,
      service,
    };
    at(this.#services, service).arrive(send);
  }

  #tryAgain(request: LabRequest, outcome: Outcome, policy: Policy): void {
    if (this.#run.fallback && outcome.attempts === 1 && this.#services.length > 1) {
      this.#attempt(request, outcome, policy);
    }
  }

  #happens(kind: SendEvent, send: LabSend): void {
    const nowMs = this.#nowMs;
    const { request, outcome, service } = send;
    if (send.place === "gone") return;
    // It was waiting for a slot when its end was foreseen, and has begun since: its own events tell how it ends.
    if (kind === "given-up" && send.place === "slot" && send.endMs !== send.giveUpMs) return;
    if (kind === "first") {
      outcome.ttftMs = nowMs - request.atMs;
    } else {
      at(this.#services, service).leave(send, nowMs);
    }
    const begunMs = performance.now();
    this.#tell(kind, send, nowMs + clockStartMs);
    outcome.policyUs += (performance.now() - begunMs) * 1000;
    if (kind !== "first" && kind !== "end") this.#tryAgain(request, outcome, send.policy);
  }

  #tell(kind: SendEvent, { watch, service, request }: LabSend, nowMs: number): void {
    switch (kind) {
      case "first":
        return watch.firstData(nowMs);
      case "end":
        return watch.succeeded(nowMs, request.outputTokens);
      case "failed":
        return watch.failed(nowMs, false);
      case "given-up":
        return watch.failed(nowMs, true);
      case "limited": {
        const { rl } = at(this.#services, service).config;
        return watch.rateLimited(nowMs, rl?.retryAfter === undefined ? undefined : rl.retryAfter * 1000);
      }
    }
  }

  #expectedCostS(service: number, { nowMs, promptTokens }: Ask): number {
    return at(this.#services, service).expectedCostS(
      { nowMs: nowMs - clockStartMs, promptTokens },
      { timeoutS: firstPacketTimeoutMs / 1000, failureS: failureCostS },
    );
  }
}
