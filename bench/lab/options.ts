// The flags of `npm run bench:lab`. It must not know how anything is simulated.
import { parseArgs } from "node:util";

import type { MetricsGoal } from "../../src/snapshot/snapshot.ts";
import { metricsGoals } from "./policies/by-metrics.ts";
import { oracleName, ours, policyNames } from "./policies.ts";
import { LabInputError } from "./scenario.ts";

/** One way to run all scenarios. */
export interface Setup {
  readonly name: string;
  /** Gateway nodes that share nothing. */
  readonly nodes: number;
  /** A failed request goes to a second service. */
  readonly fallback: boolean;
  /** Of the policies asked for only ours and the oracle. */
  readonly oursOnly: boolean;
}

export interface LabOptions {
  /** Undefined: the scenarios that come with the laboratory. */
  readonly scenarios: string | undefined;
  /** Undefined: the traces that come with it. */
  readonly traces: string | undefined;
  readonly out: string | undefined;
  readonly seeds: readonly number[];
  /** Names of scenarios; empty = all. */
  readonly only: readonly string[];
  readonly policies: readonly string[];
  readonly setups: readonly Setup[];
  readonly goal: MetricsGoal;
  readonly adaptive: boolean;
  /** Prints where the requests went, in stretches of so many seconds; 0 = not. */
  readonly timelineS: number;
  /** The results may stand as the day's: nothing was left out, changed or brought along. */
  readonly complete: boolean;
  readonly help: boolean;
}

/** Seeds 1 and 2 are for tuning. */
const reportSeeds = [11, 12, 13];
const quickScenarios = ["steady", "ratelimit", "recovery"];

export const plain = "one node, no retry";
export const withFallback = "one node, one fallback";
const standardSetups: readonly Setup[] = [
  { name: plain, nodes: 1, fallback: false, oursOnly: false },
  { name: withFallback, nodes: 1, fallback: true, oursOnly: false },
  { name: "four nodes, no retry", nodes: 4, fallback: false, oursOnly: true },
];

export const labUsage = `npm run bench:lab -- [flags]
  --scenarios FILE    scenarios of your own, as in bench/lab/scenarios.json
  --traces DIR        traces of your own: one file *_conv_*.csv and one *_code_*.csv
  --seeds A,B         seeds of the random draws, ${reportSeeds.join(",")} unless told
  --only A,B          only these scenarios
  --policies A,B      only these (${policyNames.join(", ")}); the oracle always runs
  --nodes N           N gateway nodes that share nothing, instead of the standard setups
  --fallback          a second attempt at another service, instead of the standard setups
  --fixed-timeout     no adaptive first-packet timeout
  --goal GOAL         of ${ours}: ${metricsGoals.join(", ")}; lowest-ttft unless told
  --timeline SECONDS  prints where the requests of ${ours} went
  --out FILE          writes the results there
  --quick             one seed, ${quickScenarios.join(", ")}: shows that it runs`;

/** @throws LabInputError */
export function readLabOptions(words: readonly string[]): LabOptions {
  const flags = parse(words);
  const quick = flags.quick === true;
  const own = flags.nodes !== undefined || flags.fallback === true;
  const policies = chosenPolicies(flags.policies);
  const goal = goalOf(flags.goal ?? "lowest-ttft");
  const seeds =
    flags.seeds === undefined ? reportSeeds : list(flags.seeds).map((text) => whole("--seeds", text));
  const narrowed = [flags.scenarios, flags.traces, flags.seeds, flags.only, flags.policies, flags.goal];
  return {
    scenarios: flags.scenarios,
    traces: flags.traces,
    out: flags.out,
    seeds: quick ? seeds.slice(0, 1) : seeds,
    only: flags.only === undefined ? (quick ? quickScenarios : []) : list(flags.only),
    policies,
    setups: own ? [ownSetup(whole("--nodes", flags.nodes ?? "1"), flags.fallback === true)] : standardSetups,
    goal,
    adaptive: flags["fixed-timeout"] !== true,
    timelineS: flags.timeline === undefined ? 0 : whole("--timeline", flags.timeline),
    complete:
      !quick && !own && flags["fixed-timeout"] !== true && narrowed.every((flag) => flag === undefined),
    help: flags.help === true,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        scenarios: { type: "string" },
        traces: { type: "string" },
        out: { type: "string" },
        seeds: { type: "string" },
        only: { type: "string" },
        policies: { type: "string" },
        nodes: { type: "string" },
        fallback: { type: "boolean" },
        "fixed-timeout": { type: "boolean" },
        goal: { type: "string" },
        timeline: { type: "string" },
        quick: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new LabInputError(error instanceof Error ? error.message : String(error));
  }
}

function ownSetup(nodes: number, fallback: boolean): Setup {
  const name = `${nodes === 1 ? "one node" : `${nodes} nodes`}, ${fallback ? "one fallback" : "no retry"}`;
  return { name, nodes, fallback, oursOnly: false };
}

function chosenPolicies(text: string | undefined): string[] {
  if (text === undefined) return [...policyNames];
  const names = list(text);
  const unknown = names.find((name) => !policyNames.includes(name));
  if (unknown !== undefined)
    throw new LabInputError(`--policies: "${unknown}" is none of ${policyNames.join(", ")}`);
  return [...names.filter((name) => name !== oracleName), oracleName];
}

function goalOf(text: string): MetricsGoal {
  const goal = metricsGoals.find((known) => known === text);
  if (goal === undefined) throw new LabInputError(`--goal: "${text}" is none of ${metricsGoals.join(", ")}`);
  return goal;
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function whole(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new LabInputError(`${flag}: "${text}" is no whole number above 0`);
  return value;
}
