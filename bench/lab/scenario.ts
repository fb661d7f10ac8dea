// Scenarios as data: what the services are like, how they change, and who calls them. Reads them from a file.
// It must not know policies.
import { readFile } from "node:fs/promises";

import { z } from "zod";

/** What is wrong with a file or an option; the message is for the user. */
export class LabInputError extends Error {
  override name = "LabInputError";
}

const seconds = z.number().nonnegative();

const piece = z
  .strictObject({
    from: seconds,
    to: seconds.optional(),
    value: z.number().nonnegative(),
    endValue: z.number().nonnegative().optional(),
    every: z.number().positive().optional(),
    lasts: z.number().positive().optional(),
  })
  .refine(({ from, to }) => to === undefined || to > from, { error: "`to` must be later than `from`" })
  .refine(({ every, lasts }) => (every === undefined) === (lasts === undefined), {
    error: "`every` and `lasts` belong together",
  })
  .refine(({ to, endValue }) => endValue === undefined || to !== undefined, {
    error: "a ramp with `endValue` needs `to`",
  });

/** A number, or pieces over time. */
const curve = z.union([z.number().nonnegative(), z.array(piece)]);

const service = z.strictObject({
  /** Median time to first token, seconds, without the prompt's share. */
  med: z.number().positive(),
  /** Seconds per output token. */
  tpot: z.number().nonnegative().default(0.02),
  /** Factor on the time to first token. */
  slow: curve.optional(),
  /** Probability of a failure; .002 where nothing is said. */
  err: curve.optional(),
  /** Seconds until a failure shows. */
  errLat: seconds.default(0.08),
  /** Slots; what finds none free waits in a queue. */
  cap: z.number().int().positive().optional(),
  /** Share of the slots that is there; never less than one slot. */
  slots: curve.optional(),
  /** Token bucket: what finds it empty gets 429. */
  rl: z
    .strictObject({
      rate: z.number().positive(),
      burst: z.number().positive(),
      /** Told with the 429; seconds. */
      retryAfter: seconds.optional(),
    })
    .optional(),
  /** Factor on the rate of `rl`. */
  limit: curve.optional(),
  /** Above 0: requests that arrive get no answer at all. */
  hang: curve.optional(),
  /** With probability p the time to first token is multiplied by a Pareto number. */
  tail: z
    .strictObject({ p: z.number().min(0).max(1), lo: z.number().min(1), alpha: z.number().gt(1) })
    .optional(),
});

const part = z
  .strictObject({
    trace: z.enum(["conv", "code"]).optional(),
    /** Made arrivals: gaps of a gamma distribution, prompts of a Zipf-like one. */
    made: z
      .strictObject({
        /** Requests per second. */
        perS: z.number().positive(),
        /** Coefficient of variation of the gaps: 1 as by chance, more in bursts. */
        cv: z.number().positive(),
      })
      .optional(),
    /** How much faster than recorded. */
    speed: z.number().positive().default(1),
    /** Begins at this second of the trace. */
    fromS: seconds.default(0),
    /** Takes every n-th request. */
    every: z.number().int().positive().default(1),
    /** Begins at this second of the scenario. */
    startS: seconds.default(0),
  })
  .refine(({ trace, made }) => (trace === undefined) !== (made === undefined), {
    error: "a part has either `trace` or `made`",
  });

const scenario = z
  .strictObject({
    name: z.string().regex(/^[\w-]+$/),
    about: z.string().default(""),
    durationS: z.number().positive().default(1200),
    workload: z
      .array(part)
      .min(1)
      .default([{ trace: "conv", speed: 1.5, fromS: 0, every: 1, startS: 0 }]),
    services: z.array(service).min(1),
    /** From when on this service is the best again: how long until it gets half of the requests. */
    recovery: z.strictObject({ service: z.number().int().nonnegative(), atS: seconds }).optional(),
  })
  .refine(({ recovery, services }) => recovery === undefined || recovery.service < services.length, {
    error: "`recovery.service` is no index of `services`",
    path: ["recovery", "service"],
  });

const file = z.array(scenario).min(1);

export type ServiceConfig = z.infer<typeof service>;
export type WorkloadPart = z.infer<typeof part>;
export type Scenario = z.infer<typeof scenario>;

/** @throws LabInputError with every fault and its place */
export function parseScenarios(text: string, source: string): Scenario[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new LabInputError(
      `${source} is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = file.safeParse(value);
  if (!parsed.success) throw new LabInputError(`${source}:\n${z.prettifyError(parsed.error)}`);
  const names = parsed.data.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new LabInputError(`${source}: two scenarios are called ${twice}`);
  return parsed.data;
}

/** @throws LabInputError */
export async function readScenarios(path: string): Promise<Scenario[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new LabInputError(
      `cannot read scenarios from ${path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return parseScenarios(text, path);
}
