// The flags of `npm run bench`.
// It must not know how anything is measured.

import { parseArgs } from "node:util";

import { MEASURES, type MeasureName } from "./measures.ts";
import type { CandidateName } from "./peers/candidate.ts";

export interface Options {
  readonly rounds: number;
  /** Length of each measured window, after its lead-in. */
  readonly seconds: number;
  readonly measures: readonly MeasureName[];
  /** The candidates beside the floor. */
  readonly candidates: readonly CandidateName[];
  /** Whether the results may stand as the day's: everything measured, often and long enough. */
  readonly complete: boolean;
  readonly help: boolean;
}

/** Wrong usage: the message is for the user. */
export class UsageError extends Error {
  override name = "UsageError";
}

export const MIN_ROUNDS = 5;
const MIN_SECONDS = 5;
const BESIDE_THE_FLOOR: readonly CandidateName[] = ["moongate", "portkey"];

export const USAGE = `npm run bench -- [flags]
  --rounds N          interleaved rounds, ${MIN_ROUNDS} unless told
  --seconds N         seconds per measured window, ${MIN_SECONDS} unless told
  --only A,B          only these measures (${MEASURES.map((measure) => measure.name).join(", ")})
                      and candidates (${BESIDE_THE_FLOOR.join(", ")}); the floor always runs
  --without-portkey   leave the peer out
  --quick             one round of two seconds: shows that it runs, says little`;

/** Throws UsageError. */
export function readOptions(words: readonly string[]): Options {
  const flags = parse(words);
  const quick = flags.quick === true;
  const rounds = positive("--rounds", flags.rounds, quick ? 1 : MIN_ROUNDS);
  const seconds = positive("--seconds", flags.seconds, quick ? 2 : MIN_SECONDS);
  const only = flags.only === undefined ? [] : flags.only.split(",").map((name) => name.trim());
  const measures = MEASURES.map((measure) => measure.name);
  const unknown = only.find((name) => ![...measures, ...BESIDE_THE_FLOOR].some((known) => known === name));
  if (unknown !== undefined) throw new UsageError(`--only: "${unknown}" is no measure and no candidate`);
  const chosen = narrow(measures, only);
  const candidates = narrow(BESIDE_THE_FLOOR, only).filter(
    (name) => name !== "portkey" || flags["without-portkey"] !== true,
  );
  return {
    rounds,
    seconds,
    measures: chosen,
    candidates,
    complete:
      rounds >= MIN_ROUNDS &&
      seconds >= MIN_SECONDS &&
      chosen.length === measures.length &&
      candidates.includes("moongate"),
    help: flags.help === true,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        rounds: { type: "string" },
        seconds: { type: "string" },
        only: { type: "string" },
        "without-portkey": { type: "boolean" },
        quick: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Names of one kind narrow that kind only. */
function narrow<Name extends string>(all: readonly Name[], only: readonly string[]): Name[] {
  const named = all.filter((name) => only.includes(name));
  return named.length === 0 ? [...all] : named;
}

function positive(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`${flag}: "${text}" is no whole number above 0`);
  return value;
}
