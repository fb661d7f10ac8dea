// A prompt as the queue holds it. Must not know who sent it.
import type { JsonObject } from "../fields.ts";
import type { Graph } from "./graph.ts";

export interface Prompt {
  readonly id: string;
  readonly number: number;
  readonly clientId: string | null;
  readonly graph: Graph;
  readonly source: JsonObject;
  readonly extra: JsonObject;
  /** Milliseconds since 1970. */
  readonly submittedMs: number;
  /** Between two sampling steps; 0 = none. */
  readonly stepMs: number;
  /** Length of the request that brought it. */
  readonly bytes: number;
}
