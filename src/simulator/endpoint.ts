// One row of what the simulator serves, and how a path is found in a table of rows. Must not know what rows answer.
import type { ErrorShape } from "./error-shapes.ts";
import type { Call, Reply } from "./reply.ts";

/**
 * What is read of a request's body: one JSON object, the same or nothing, a form or JSON, bytes as they come, or nothing.
 */
export type BodyKind = "json" | "json-or-none" | "form" | "bytes" | "none";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Endpoint {
  readonly method: Method;
  /**
   * The end of the path, whatever stands before it (`/v1`, a base path). `{}` stands for one segment, `{+}` for the
   * rest; with `=` in front nothing but `/api` may stand before it.
   */
  readonly path: string;
  /** Null: the request tells by having an `anthropic-version` or not. */
  readonly errors: ErrorShape | null;
  /** Default: `json` for POST, else `none`. */
  readonly reads?: BodyKind;
  /** Bytes of each uploaded file that the answer needs; default 0. */
  readonly keepBytes?: number;
  /** True for the one of two rows with the same path that is for requests with an `anthropic-version`. */
  readonly isAnthropic?: boolean;
  readonly answer: (call: Call) => Reply;
}

export interface FoundEndpoint {
  readonly endpoint: Endpoint;
  /** Undecoded. */
  readonly params: readonly string[];
}

/** What a path has: the row for the method, or the methods that it could be called with. */
export type Lookup =
  | FoundEndpoint
  | { readonly methods: readonly Method[]; readonly errors: ErrorShape | null };

export type FindEndpoint = (method: string, path: string, isAnthropic: boolean) => Lookup | undefined;

/** Makes the table searchable; the first row that fits counts. */
export function indexEndpoints(rows: readonly Endpoint[]): FindEndpoint {
  const compiled = rows.map((endpoint) => ({ endpoint, pattern: patternOf(endpoint.path) }));
  return (method, path, isAnthropic) => {
    const methods: Method[] = [];
    let errors: ErrorShape | null = null;
    for (const { endpoint, pattern } of compiled) {
      if (endpoint.isAnthropic === true && !isAnthropic) continue;
      const match = pattern.exec(path);
      if (match === null) continue;
      if (endpoint.method === method) return { endpoint, params: match.slice(1) };
      methods.push(endpoint.method);
      errors ??= endpoint.errors;
    }
    return methods.length === 0 ? undefined : { methods: [...new Set(methods)], errors };
  };
}

function patternOf(path: string): RegExp {
  const isWhole = path.startsWith("=");
  const literal = (isWhole ? path.slice(1) : path).replaceAll(/[.+]/g, String.raw`\$&`);
  const source = literal.replaceAll(String.raw`{\+}`, "(.+?)").replaceAll("{}", "([^/]+)");
  return new RegExp(`${isWhole ? "^(?:/api)?" : "^.*?"}${source}/?$`);
}
