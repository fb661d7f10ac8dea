// The words between the main thread and the log thread. Data only: everything here crosses by structured clone.
import type { LogQuery } from "./recent-exchanges.ts";
import type { LogPage, TrafficAnswer, TrafficWindow, WayAnswer } from "./traffic-answers.ts";

/** What the log thread is born with. */
export interface LogSetup {
  /** Folder of the spool. */
  readonly dir: string;
}

/** Questions by kind, each with its answer. */
export interface LogQuestions {
  readonly traffic: { readonly ask: { readonly window: TrafficWindow }; readonly answer: TrafficAnswer };
  readonly way: {
    readonly ask: { readonly api: string; readonly window: TrafficWindow };
    readonly answer: WayAnswer;
  };
  readonly logs: { readonly ask: LogQuery; readonly answer: LogPage };
}

export type LogQuestion = {
  [Kind in keyof LogQuestions]: { readonly kind: Kind; readonly ask: LogQuestions[Kind]["ask"] };
}[keyof LogQuestions];

export interface ToLogThread {
  readonly id: number;
  readonly question: LogQuestion;
}

export type FromLogThread =
  | { readonly id: number; readonly answer: LogQuestions[keyof LogQuestions]["answer"] }
  | { readonly id: number; readonly error: string }
  /** The spool cannot be read. */
  | { readonly problem: string };
