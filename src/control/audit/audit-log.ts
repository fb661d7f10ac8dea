// The audit log: entries are appended durably, read page by page, verified from end to end and pruned at the old end.
// Knows no request; must never change an entry.
import { setImmediate as breathe } from "node:timers/promises";
import type { Clock } from "../../core/clock.ts";
import type { AuditRow, AuditStore, MakeAuditEntry } from "../../store/store.ts";
import { StoreUnavailable } from "../../store/store-unavailable.ts";
import { ControlError } from "../control-error.ts";
import { isJsonObject } from "../merge-patch.ts";
import { chainOf, ChainCheck, endAt, isOurs } from "./audit-chain.ts";
import type { AuditFault, Mac } from "./audit-chain.ts";
import type { AuditEntry, AuditFacts } from "./audit-entry.ts";
import { createRefusalBound } from "./refusal-bound.ts";

export interface AuditRetention {
  readonly retentionDays: number;
  readonly maxEntries: number;
}

export interface AuditVerdict {
  readonly ok: boolean;
  /** Entries that are as they were written, from the oldest on. */
  readonly entries: number;
  readonly firstNumber: number | null;
  readonly lastNumber: number | null;
  /** The first place that is not as it was written. */
  readonly firstBad: { readonly number: number; readonly reason: AuditFault } | null;
}

export interface AuditLog {
  /** Durable when it resolves. Refusals beyond a rate are counted instead. @throws ControlError `store_unavailable` */
  append(facts: AuditFacts): Promise<void>;
  /** For a write of the store that the entry is part of. */
  entryOf(facts: AuditFacts): MakeAuditEntry;
  /** Entries below a number, newest first, as many as are looked at at once; damaged ones are left out. */
  before(number: number): Promise<AuditSlice>;
  verify(): Promise<AuditVerdict>;
  /** Takes away what retention no longer keeps. @returns how many entries went */
  prune(retention: AuditRetention): Promise<number>;
}

export interface AuditSlice {
  readonly entries: readonly AuditEntry[];
  /** Where the next slice begins; null at the end. */
  readonly next: number | null;
}

export interface AuditLogPorts {
  readonly store: AuditStore;
  readonly mac: Mac;
  readonly clock: Pick<Clock, "wallMs">;
}

/** Looked at in one go; between two of them others get their turn. */
const sliceRows = 500;
const dayMs = 86_400_000;

export function createAuditLog({ store, mac, clock }: AuditLogPorts): AuditLog {
  const bound = createRefusalBound(() => clock.wallMs());
  /** The newest entry that this process knows of: a store that has less has gone back. */
  let written = 0;
  let verifying: Promise<AuditVerdict> | undefined;

  const entryOf = (facts: AuditFacts): MakeAuditEntry => {
    const skipped = bound.takeSkipped();
    return ({ number, head, revision }) => {
      const time = new Date(clock.wallMs()).toISOString();
      const entry: AuditEntry = { number, time, ...facts, revision, skipped };
      const text = JSON.stringify(entry);
      const chain = chainOf(mac, head?.chain, number, text);
      // What this one goes on from was written for good; whether this one will be is not known here.
      written = Math.max(written, head?.number ?? 0);
      return { row: { number, text, chain }, head: endAt(mac, "head", number, chain) };
    };
  };

  return {
    entryOf,
    append: async (facts) => {
      if (facts.result === "refused" && !bound.admit(facts)) return;
      await store.append(entryOf(facts)).catch(rethrow);
    },
    before: async (number) => {
      const rows = await store.before(number, sliceRows).catch(rethrow);
      const last = rows.at(-1);
      const next = rows.length < sliceRows || last === undefined ? null : last.number;
      return { entries: rows.flatMap(readEntry), next };
    },
    verify: () => {
      // Two at once would say the same.
      verifying ??= verifyLog(store, mac, () => written)
        .catch(rethrow)
        .finally(() => {
          verifying = undefined;
        });
      return verifying;
    },
    prune: async (retention) => {
      await verifying?.catch(() => undefined);
      return pruneLog(store, mac, retention, clock.wallMs()).catch(rethrow);
    },
  };
}

async function verifyLog(store: AuditStore, mac: Mac, written: () => number): Promise<AuditVerdict> {
  const { anchor } = await store.ends();
  const check = new ChainCheck(mac, anchor);
  const verdict = (reason: AuditFault | undefined, number: number): AuditVerdict => ({
    ok: reason === undefined,
    entries: check.count,
    firstNumber: check.count === 0 ? null : (anchor?.number ?? 0) + 1,
    lastNumber: check.count === 0 ? null : check.number,
    firstBad: reason === undefined ? null : { number, reason },
  });
  if (anchor !== undefined && !isOurs(mac, "anchor", anchor)) return verdict("end-changed", anchor.number);
  for (;;) {
    const known = written();
    const { rows, head } = await store.after(check.number, sliceRows);
    for (const row of rows) {
      const fault = check.next(row);
      if (fault !== undefined) return verdict(fault, check.number + 1);
    }
    if (rows.length < sliceRows) {
      const wentBack = check.number < known ? "went-back" : undefined;
      return verdict(check.end(head) ?? wentBack, check.number + 1);
    }
    await breathe();
  }
}

async function pruneLog(
  store: AuditStore,
  mac: Mac,
  { retentionDays, maxEntries }: AuditRetention,
  nowMs: number,
): Promise<number> {
  const { anchor, head } = await store.ends();
  const from = anchor?.number ?? 0;
  if (head === undefined) return 0;
  const keptFrom = nowMs - retentionDays * dayMs;
  let last: AuditRow | undefined;
  for (;;) {
    const { rows } = await store.after(last?.number ?? from, sliceRows);
    const going = rows.findIndex((row) => head.number - row.number < maxEntries && timeOf(row) >= keptFrom);
    last = (going === -1 ? rows : rows.slice(0, going)).at(-1) ?? last;
    if (going !== -1 || rows.length < sliceRows) break;
    await breathe();
  }
  if (last === undefined) return 0;
  await store.prune(endAt(mac, "anchor", last.number, last.chain));
  return last.number - from;
}

/** A damaged entry stays until the ones behind it go by number. */
function timeOf(row: AuditRow): number {
  const time = Date.parse(readEntry(row)[0]?.time ?? "");
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

/** None for a text that is no entry: whoever asks is told of it by a verification. */
function readEntry({ text }: AuditRow): AuditEntry[] {
  try {
    const value: unknown = JSON.parse(text);
    // Entries are written by `entryOf` alone; what somebody else wrote has at least the shape that readers rely on.
    return isEntry(value) ? [value as unknown as AuditEntry] : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is Record<string, unknown> {
  if (!isJsonObject(value)) return false;
  const texts = [value["time"], value["actor"], value["action"], value["result"]];
  return (
    typeof value["number"] === "number" &&
    texts.every((text) => typeof text === "string") &&
    Array.isArray(value["objects"]) &&
    value["objects"].every(isJsonObject)
  );
}

function rethrow(error: unknown): never {
  // The store's own message names a path of this machine; that belongs into the operational log.
  if (error instanceof StoreUnavailable) throw new ControlError("store_unavailable", undefined, [], error);
  throw error;
}
