// Runs setups, scenarios, policies and seeds, and puts their figures side by side.
// It must not know how they are printed.
import { performance } from "node:perf_hooks";

import { at } from "./at.ts";
import { figuresOf, meanFigures, type Figures } from "./figures.ts";
import type { LabOptions, Setup } from "./options.ts";
import { oracleName, ours, policyOf } from "./policies.ts";
import type { PolicyMaker } from "./policy.ts";
import { LabInputError, type Scenario } from "./scenario.ts";
import { simulate, type Outcome } from "./simulation.ts";
import { requestsOf, type Traces } from "./traces.ts";

/** What may differ much between seeds. */
export type SeedFigures = Pick<Figures, "costS" | "success" | "p95S" | "recoveryS">;

export interface PolicyResult extends Figures {
  /** Cost above the oracle's with the same luck, seconds per request. */
  readonly regretS: number;
  readonly seeds: readonly SeedFigures[];
}

export interface ScenarioResult {
  readonly name: string;
  readonly policies: Readonly<Record<string, PolicyResult>>;
}

export interface SetupResult {
  readonly setup: Setup;
  readonly scenarios: readonly ScenarioResult[];
}

/** Real time per request that a policy takes with ten services, microseconds. */
export interface DecisionTime {
  readonly p50Us: number;
  readonly p99Us: number;
}

export interface LabResults {
  readonly setups: readonly SetupResult[];
  readonly decisions: Readonly<Record<string, DecisionTime>>;
}

const timedRuns = 3;

export interface LabInput {
  readonly options: LabOptions;
  readonly scenarios: readonly Scenario[];
  readonly traces: Traces;
  /** Told of progress. */
  readonly say: (line: string) => void;
  /** Given the outcomes of ours, for those who want to look closer. */
  readonly look: (outcomes: readonly Outcome[], scenario: Scenario) => void;
}

/** @throws LabInputError for a name of a scenario that is none */
export function runLaboratory(input: LabInput): LabResults {
  const scenarios = chosenScenarios(input);
  const setups = input.options.setups.map((setup) => {
    const begunMs = performance.now();
    const results = scenarios.map((scenario) => runScenario(input, setup, scenario));
    input.say(`${setup.name}: ${((performance.now() - begunMs) / 1000).toFixed(1)} s`);
    return { setup, scenarios: results };
  });
  return { setups, decisions: timeDecisions(input) };
}

function chosenScenarios({ scenarios, options: { only } }: LabInput): readonly Scenario[] {
  const unknown = only.find((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown !== undefined) {
    const names = scenarios.map(({ name }) => name).join(", ");
    throw new LabInputError(`--only: "${unknown}" is none of the scenarios ${names}`);
  }
  return only.length === 0 ? scenarios : scenarios.filter(({ name }) => only.includes(name));
}

function runScenario(input: LabInput, setup: Setup, scenario: Scenario): ScenarioResult {
  const names = input.options.policies.filter(
    (name) => !setup.oursOnly || name === ours || name === oracleName,
  );
  const run = (name: string): Figures[] => runSeeds(input, { setup, scenario, name });
  const oracle = run(oracleName);
  const oracleMean = meanFigures(oracle);
  const policies = names.map((name): [string, PolicyResult] => {
    const seeds = name === oracleName ? oracle : run(name);
    const mean = meanFigures(seeds);
    const perSeed = seeds.map(({ costS, success, p95S, recoveryS }) => ({ costS, success, p95S, recoveryS }));
    return [name, { ...mean, regretS: mean.costS - oracleMean.costS, seeds: perSeed }];
  });
  return { name: scenario.name, policies: Object.fromEntries(policies) };
}

interface SeedRuns {
  readonly setup: Setup;
  readonly scenario: Scenario;
  readonly name: string;
}

function runSeeds({ options, traces, look }: LabInput, { setup, scenario, name }: SeedRuns): Figures[] {
  const policy = makerOf(name, options);
  return options.seeds.map((seed) => {
    const { nodes, fallback } = setup;
    const requests = requestsOf(scenario, traces, seed);
    const outcomes = simulate({ scenario, requests, seed, policy, nodes, fallback });
    if (name === ours) look(outcomes, scenario);
    return figuresOf(outcomes, scenario);
  });
}

function makerOf(name: string, options: LabOptions): PolicyMaker {
  const maker = policyOf(name, options);
  if (maker === undefined) throw new LabInputError(`no policy is called ${name}`);
  return maker;
}

/**
 * Ten services of which nothing is wrong. The first run is for the compiler; of the others the quickest counts, as what
 * else runs on the machine only adds.
 */
function timeDecisions({ options, traces }: LabInput): Record<string, DecisionTime> {
  const services = Array.from({ length: 10 }, (_, index) => ({
    med: 0.3 + index / 10,
    tpot: 0.02,
    errLat: 0.08,
  }));
  const workload = [{ trace: "conv" as const, speed: 1.5, fromS: 0, every: 1, startS: 0 }];
  const scenario = { name: "ten-services", about: "", durationS: 1200, services, workload };
  const seed = at(options.seeds, 0);
  const requests = requestsOf(scenario, traces, seed);
  const times = options.policies.map((name): [string, DecisionTime] => {
    const run = { scenario, requests, seed, policy: makerOf(name, options), nodes: 1, fallback: false };
    simulate(run);
    const timed = Array.from({ length: timedRuns }, () => figuresOf(simulate(run), scenario));
    const { policyP50Us, policyP99Us } = timed.reduce((best, figures) =>
      figures.policyP99Us < best.policyP99Us ? figures : best,
    );
    return [name, { p50Us: policyP50Us, p99Us: policyP99Us }];
  });
  return Object.fromEntries(times);
}
