// Resources -> snapshot: pure, so that the same resources always give the same snapshot. Knows no store and no socket.
import type { Diagnostic, ResourceSet } from "../resources/resource-set.ts";
import type { Snapshot } from "./snapshot.ts";

export interface CompileInput {
  readonly revision: number;
  readonly instance: string;
  /** Secrets opened or hashed, references checked (`checkReferences`). */
  readonly resources: ResourceSet;
}

export interface CompileResult {
  readonly snapshot: Snapshot;
  readonly diagnostics: readonly Diagnostic[];
}

/** See CompileInput. Disabled Model APIs and consumers are left out. */
export declare function compile(input: CompileInput): CompileResult;
