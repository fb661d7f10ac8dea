// What a test of a service tells. Types alone.

export type StepName = "dns" | "tcp" | "tls" | "auth" | "models" | "call";

export interface TestStep {
  readonly name: StepName;
  /** False for a step that failed, and for those after it. */
  readonly ok: boolean;
  readonly ms: number;
  readonly message: string;
  /** Not run: it does not apply (`ok`), or one before it has failed. The message says why. */
  readonly skipped?: true;
}

export interface TestedKey {
  readonly name: string;
  readonly ok: boolean;
  /** Of the answer; 0 = none came. */
  readonly status: number;
  readonly message: string;
}

export interface TestReport {
  /** No step failed and no key was refused. */
  readonly ok: boolean;
  readonly steps: readonly TestStep[];
  /** What the service lists, at most 2,000. */
  readonly models: readonly string[];
  /** The enabled keys that were tried. */
  readonly keys: readonly TestedKey[];
}

/** Ends a step, and the test with it. The message never holds a key. */
export class StepFailed extends Error {
  /** How long the step took, where it was not timed by whoever ran it. */
  readonly ms: number | undefined;

  constructor(message: string, ms?: number) {
    super(message);
    this.ms = ms;
  }
}
