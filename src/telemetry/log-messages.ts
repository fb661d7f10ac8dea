// The words between the main thread and the log thread. Data only: everything here crosses by structured clone.
import type {
  LogDetail,
  LogFeedback,
  LogFilter,
  LogItem,
  LogPage,
  LogQuery,
  TraceAnswer,
} from "./log-answers.ts";
import type { LogSettings, LogStoreState } from "./log-state.ts";
import type { MetricsAnswer, MetricsQuery, UsageAnswer, UsageQuery } from "./metrics-answers.ts";
import type { TrafficAnswer, TrafficWindow, WayAnswer } from "./traffic-answers.ts";

/** What the log thread is born with. */
export interface LogSetup {
  /** Folder of the spool. */
  readonly spoolDir: string;
  /** Folder of the log store. */
  readonly logsDir: string;
  /** Of this process's spools, behind the last dash of their names; null = whoever wrote may still write. */
  readonly spoolRun: string | null;
  readonly settings: LogSettings;
}

/** Live tail: what came after a place, in the order in which it came. */
export interface TailQuery {
  /** `next` of the answer before; null = from now on. */
  readonly after: string | null;
  readonly filters: readonly LogFilter[];
  /** 1 to 500. */
  readonly limit: number;
}

export interface TailAnswer {
  readonly items: readonly LogItem[];
  readonly next: string;
}

/** What belongs to one of these resource groups; absent = to any, or to none. */
export interface OfGroups {
  readonly resourceGroups?: readonly string[];
}

/** Questions by kind, each with its answer. */
export interface LogQuestions {
  readonly traffic: {
    readonly ask: { readonly window: TrafficWindow } & OfGroups;
    readonly answer: TrafficAnswer;
  };
  readonly way: {
    readonly ask: { readonly api: string; readonly window: TrafficWindow } & OfGroups;
    readonly answer: WayAnswer;
  };
  readonly logs: { readonly ask: LogQuery; readonly answer: LogPage };
  readonly log: { readonly ask: { readonly requestId: string }; readonly answer: LogDetail | null };
  readonly trace: { readonly ask: { readonly traceId: string }; readonly answer: TraceAnswer };
  readonly tail: { readonly ask: TailQuery; readonly answer: TailAnswer };
  /** Sets or takes away what somebody thinks of an answer; false: there is no such record. */
  readonly feedback: {
    readonly ask: { readonly requestId: string; readonly feedback: LogFeedback | null };
    readonly answer: boolean;
  };
  readonly metrics: { readonly ask: MetricsQuery; readonly answer: MetricsAnswer };
  readonly usage: { readonly ask: UsageQuery; readonly answer: UsageAnswer };
  readonly prometheus: { readonly ask: Readonly<Record<string, never>>; readonly answer: string };
  readonly settings: { readonly ask: LogSettings; readonly answer: null };
  readonly state: { readonly ask: Readonly<Record<string, never>>; readonly answer: LogStoreState };
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
  /** The spool cannot be read, the store not written. */
  | { readonly problem: string };
