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
