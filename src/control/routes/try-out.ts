// What is asked and answered when a Model API or a service is tried out. Types alone, for whoever shows them.

/** A request to a Model API, as a client would send it, and in whose name. */
export interface DebugRequest {
  /** Default: POST. */
  readonly method?: string | undefined;
  /** As clients send it, with the base path; a query may follow. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: DebugBody | undefined;
  /** Host that is called; default: the first domain of the Model API. `*.example.com` stands for a host below it. */
  readonly domain?: string | undefined;
  /** Consumer whose request it is; default: nobody's, which passes without a credential. */
  readonly consumer?: string | undefined;
}

/** JSON; a text that is sent as it is; or bytes, such as those of a form with files. */
export type DebugBody =
  | string
  | Readonly<Record<string, unknown>>
  | { readonly base64: string; readonly contentType: string };

/** One step of the test of a service. */
export interface ServiceTestStep {
  readonly name: "dns" | "tcp" | "tls" | "auth" | "models" | "call";
  /** False for a step that failed, and for those after it. */
  readonly ok: boolean;
  readonly ms: number;
  readonly message: string;
  /** Not run: it does not apply (`ok`), or one before it has failed. The message says why. */
  readonly skipped?: true | undefined;
}

export interface ServiceTestKey {
  readonly name: string;
  readonly ok: boolean;
  /** Of the answer; 0 = none came. */
  readonly status: number;
  readonly message: string;
}

export interface ServiceTestReport {
  /** No step failed and no key was refused. */
  readonly ok: boolean;
  /** All six, in their order. */
  readonly steps: readonly ServiceTestStep[];
  /** What the service lists, at most 2,000. */
  readonly models: readonly string[];
  /** The enabled keys that were tried. */
  readonly keys: readonly ServiceTestKey[];
}
