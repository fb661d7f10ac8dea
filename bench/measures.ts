// The list of what is measured: the traffic of each measure and the figures it gives.
// It must not know candidates or how figures are taken.

import type { Answer } from "./load/traffic.ts";

export type MeasureName = "plain-1k" | "plain-32k" | "sse" | "slow-streams";

export interface Measure {
  readonly name: MeasureName;
  readonly answer: Answer;
  readonly bodyBytes: number;
  readonly connections: number;
}

export const MEASURES: readonly Measure[] = [
  { name: "plain-1k", answer: "plain", bodyBytes: 1024, connections: 128 },
  { name: "plain-32k", answer: "plain", bodyBytes: 32 * 1024, connections: 128 },
  // 50 streams of 100 events a second: enough to time, and the slowest peer still keeps pace, so that events
  // reach it one by one and are not joined while they wait.
  { name: "sse", answer: "brisk", bodyBytes: 1024, connections: 50 },
  { name: "slow-streams", answer: "slow", bodyBytes: 1024, connections: 1000 },
];

export type FigureName = "plain-1k" | "plain-32k" | "sse-event" | "slow-stream-memory" | "slow-stream-cpu";

export interface Figure {
  readonly name: FigureName;
  readonly measure: MeasureName;
  readonly title: string;
  readonly unit: string;
}

export const FIGURES: readonly Figure[] = [
  {
    name: "plain-1k",
    measure: "plain-1k",
    title: "chat completion, 1 KB request",
    unit: "CPU us per request",
  },
  {
    name: "plain-32k",
    measure: "plain-32k",
    title: "chat completion, 32 KB request",
    unit: "CPU us per request",
  },
  { name: "sse-event", measure: "sse", title: "stream of 200 events", unit: "CPU us per event" },
  {
    name: "slow-stream-memory",
    measure: "slow-streams",
    title: "1,000 open slow streams",
    unit: "KB per stream",
  },
  {
    name: "slow-stream-cpu",
    measure: "slow-streams",
    title: "1,000 open slow streams",
    unit: "% of one core",
  },
];

/** What one measurement of one candidate gave. */
export interface Sample {
  readonly figures: Readonly<Partial<Record<FigureName, number>>>;
  /** Why the figures are missing or not to be trusted; set, they do not count. */
  readonly problem?: string;
  readonly details: Readonly<Record<string, number>>;
}
