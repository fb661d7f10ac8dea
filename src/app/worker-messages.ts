// The words between the main thread and its data-plane workers. Data only: everything here crosses by structured clone.
import type { MessagePort } from "node:worker_threads";
import type { AllowedNetworks } from "../lib/address-guard.ts";
import type { SnapshotPatch } from "../snapshot/patch.ts";

/** What a worker is born with. */
export interface WorkerSetup {
  /** 0-based; also its column of the shared counters. */
  readonly index: number;
  readonly workers: number;
  readonly host: string;
  /** 0 = any free port, which the worker then reports. */
  readonly port: number;
  readonly sharePort: boolean;
  /** Memory of the counters and of what is learnt about targets, for all workers. */
  readonly cells: SharedArrayBuffer;
  readonly rows: SharedArrayBuffer;
  /** Memory of what limits and quotas have counted. */
  readonly limits: SharedArrayBuffer;
  /** Memory of which model each conversation had. */
  readonly conversations: SharedArrayBuffer;
  readonly simulatorUrl: string;
  readonly upstreamNetworks: AllowedNetworks;
  readonly fetchNetworks: AllowedNetworks;
  readonly trustedProxies: readonly string[];
  readonly spoolDir: string;
  /** Tells the spools of this process from those of the one before. */
  readonly spoolRun: string;
  /** Where ids are kept that outlive an exchange. */
  readonly idFile: string;
  /** Of the proofs that the main thread makes to try a Model API out. */
  readonly debugSecret: string;
  /** For request bodies that are too large for memory. */
  readonly uploadDir: string;
}

export type ToWorker =
  | {
      readonly kind: "configuration";
      readonly patch: SnapshotPatch;
      /** Each name's row of the shared memory. */
      readonly rows: ReadonlyMap<string, number>;
    }
  | { readonly kind: "drain"; readonly timeoutMs: number };

export type FromWorker =
  /** Serves this revision on this port. */
  | { readonly kind: "serving"; readonly revision: number; readonly port: number }
  /** A patch did not fit; the full state is needed. */
  | { readonly kind: "out-of-step" }
  | { readonly kind: "in-flight"; readonly inFlight: number }
  /** Wants to ask the token thread, by the other end of this port. */
  | { readonly kind: "tokens"; readonly port: MessagePort }
  /** Wants to ask the cache thread. */
  | { readonly kind: "answers"; readonly port: MessagePort }
  | { readonly kind: "problem"; readonly event: string; readonly message: string }
  /** The port could not be had: the start has failed. */
  | { readonly kind: "failed"; readonly error: SystemFailure }
  | { readonly kind: "drained" };

/** A system error in a form that survives the crossing. */
export interface SystemFailure {
  readonly message: string;
  readonly code: string | undefined;
  readonly syscall: string | undefined;
  readonly address: string | undefined;
  readonly port: number | undefined;
}

export function toSystemFailure(error: unknown): SystemFailure {
  const failure = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const { code, syscall, address, port } = failure;
  return { message: failure.message, code, syscall, address, port };
}
