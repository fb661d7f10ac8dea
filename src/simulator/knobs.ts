// What can be turned on the simulator, per service and per request. Must not know protocols or sockets.
import { maxSimulatorDelayMs, simulatorFaults, type SimulatorFault } from "../core/simulator-faults.ts";
import { isRecord } from "./fields.ts";

/** Settings of one request; every absent one is 0, or `none`. */
export interface Knobs {
  /** From the whole request to the head of the answer. */
  readonly latencyMs?: number;
  /** From the head of the answer to its first data. */
  readonly ttftMs?: number;
  /** Pace of the answer; 0 = as fast as the socket takes it. */
  readonly tokensPerSecond?: number;
  /** Length of a text answer, unless the request allows less; 0 = the natural length. */
  readonly outputTokens?: number;
  /**
   * Share of the requests that fail, 0 to 1: with `fault`, or with status 500 where no fault is named.
   * With 0, a named fault happens on every request.
   */
  readonly failureRate?: number;
  readonly fault?: SimulatorFault;
}

/** Header of a request that holds its knobs as a JSON object. */
export const knobsHeader = "x-moongate-simulator";

type NumberKnob = Exclude<keyof Knobs, "fault">;

const limits: Readonly<Record<NumberKnob, number>> = {
  latencyMs: maxSimulatorDelayMs,
  ttftMs: maxSimulatorDelayMs,
  tokensPerSecond: 1_000_000,
  outputTokens: 1_000_000,
  failureRate: 1,
};

/** A knob that does not exist or has an impossible value. */
export class KnobError extends Error {}

/**
 * Reads the knobs of a request over the defaults.
 * @throws KnobError naming the knob at fault.
 */
export function readKnobs(header: string | undefined, defaults: Knobs): Knobs {
  if (header === undefined) return defaults;
  return { ...defaults, ...parseKnobs(header) };
}

/** The fault of one request; `random` decides where only a share of the requests fails. */
export function drawFault(knobs: Knobs, random: () => number): SimulatorFault {
  const named = knobs.fault ?? "none";
  const rate = knobs.failureRate ?? 0;
  if (rate === 0) return named;
  if (random() >= rate) return "none";
  return named === "none" ? "status-500" : named;
}

function parseKnobs(text: string): Knobs {
  const parsed = parseObject(text);
  const knobs: { -readonly [Key in keyof Knobs]: Knobs[Key] } = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (name === "fault") knobs.fault = readFault(value);
    else if (isNumberKnob(name)) knobs[name] = readNumber(name, value);
    else throw new KnobError(`unknown knob "${name}"`);
  }
  return knobs;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed)) return parsed;
  } catch {
    // Said below, in the same words as for JSON that is no object.
  }
  throw new KnobError("not a JSON object");
}

function readFault(value: unknown): SimulatorFault {
  const fault = simulatorFaults.find((name) => name === value);
  if (fault === undefined) throw new KnobError(`fault must be one of ${simulatorFaults.join(", ")}`);
  return fault;
}

function readNumber(name: NumberKnob, value: unknown): number {
  const most = limits[name];
  if (typeof value !== "number" || !(value >= 0 && value <= most)) {
    throw new KnobError(`${name} must be a number from 0 to ${most}`);
  }
  return name === "outputTokens" ? Math.floor(value) : value;
}

function isNumberKnob(name: string): name is NumberKnob {
  return Object.hasOwn(limits, name);
}
