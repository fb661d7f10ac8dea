// The last good snapshot on disk, sealed because it holds service keys. Knows not when to save or load.
import { readFile } from "node:fs/promises";
import { setImmediate as otherTurns } from "node:timers/promises";
import type { OwnModelData } from "../core/known-model.ts";
import { replaceFile } from "../lib/replace-file.ts";
import { SealBroken } from "../lib/seal.ts";
import type { Sealer } from "../lib/seal.ts";
import type { PublishedRouter } from "../routing/policy.ts";
import type {
  Snapshot,
  SnapshotApi,
  SnapshotConsumer,
  SnapshotConsumerGroup,
  SnapshotService,
} from "./snapshot.ts";

export type SnapshotFileReason = "unreadable" | "damaged" | "other-format" | "other-key";

const reasonTable: Readonly<Record<SnapshotFileReason, string>> = {
  unreadable: "it cannot be read; let this process read it",
  damaged: "it is damaged; delete it, it is written again with the next configuration",
  "other-format": "another version of this program wrote it; start that version, or delete the file",
  "other-key": "it was sealed with another master key; restore that key, or delete the file",
};

/** Thrown when the file is there but must not be used. */
export class SnapshotFileUnusable extends Error {
  readonly reason: SnapshotFileReason;

  constructor(file: string, reason: SnapshotFileReason, cause?: unknown) {
    super(`The last good snapshot ${file} cannot be used: ${reasonTable[reason]}.`, { cause });
    this.name = "SnapshotFileUnusable";
    this.reason = reason;
  }
}

/** To be raised with every change of Snapshot that an older or newer build would misread. */
const format = 6;
const headStart = "moongate-snapshot ";
const head = Buffer.from(`${headStart}${format}\n`, "ascii");
const context = `last good snapshot, format ${format}`;

interface EncodedSnapshot {
  readonly revision: number;
  readonly instance: string;
  readonly apis: readonly (readonly [string, SnapshotApi])[];
  readonly services: readonly (readonly [string, SnapshotService])[];
  readonly consumers: readonly (readonly [string, SnapshotConsumer])[];
  readonly consumerGroups?: readonly (readonly [string, SnapshotConsumerGroup])[];
  readonly routers?: readonly (readonly [string, PublishedRouter])[];
  readonly modelData?: OwnModelData;
}

/** So much is sealed before others of this thread have their turn. */
const charactersPerTurn = 256 * 1024;
/** So many items of a section are written at once: some milliseconds of this thread. */
const itemsPerPiece = 500;

/** The text of an `EncodedSnapshot`, piece by piece: of very many consumers it is long. */
function* encode(snapshot: Snapshot): Generator<string> {
  const { revision, instance, apis, services, consumers, consumerGroups, routers, modelData } = snapshot;
  yield `{"revision":${revision},"instance":${JSON.stringify(instance)}`;
  yield* encodeSection("apis", apis);
  yield* encodeSection("services", services);
  yield* encodeSection("consumers", consumers);
  if (consumerGroups !== undefined) yield* encodeSection("consumerGroups", consumerGroups);
  if (routers !== undefined) yield* encodeSection("routers", routers);
  if (modelData !== undefined) yield `,"modelData":${JSON.stringify(modelData)}`;
  yield "}";
}

function* encodeSection(
  name: Exclude<keyof EncodedSnapshot, "modelData">,
  section: ReadonlyMap<string, object>,
): Generator<string> {
  yield `,"${name}":[`;
  let piece: string[] = [];
  let isFirst = true;
  for (const item of section) {
    piece.push(JSON.stringify(item));
    if (piece.length < itemsPerPiece) continue;
    yield `${isFirst ? "" : ","}${piece.join(",")}`;
    [piece, isFirst] = [[], false];
  }
  yield `${isFirst || piece.length === 0 ? "" : ","}${piece.join(",")}]`;
}

function decode(plain: Buffer): Snapshot {
  // The seal proves that `encode` of this very format wrote it.
  const encoded = JSON.parse(plain.toString("utf8")) as EncodedSnapshot;
  const { consumerGroups, routers, ...rest } = encoded;
  return {
    ...rest,
    apis: new Map(encoded.apis),
    services: new Map(encoded.services),
    consumers: new Map(encoded.consumers),
    ...(consumerGroups === undefined ? {} : { consumerGroups: new Map(consumerGroups) }),
    ...(routers === undefined ? {} : { routers: new Map(routers) }),
  };
}

/**
 * Replaces the file, durably and whole, in pieces of work. The caller awaits one save before the next.
 * @throws the error of the file system; the old file is then still there
 */
export async function saveSealedSnapshot(file: string, snapshot: Snapshot, sealer: Sealer): Promise<void> {
  const sealed = sealer.sealPieces(context);
  let unseen = 0;
  for (const text of encode(snapshot)) {
    sealed.add(Buffer.from(text, "utf8"));
    unseen += text.length;
    if (unseen < charactersPerTurn) continue;
    unseen = 0;
    await otherTurns();
  }
  await replaceFile(file, Buffer.concat([head, ...sealed.finish()]));
}

/**
 * The saved snapshot; undefined = none was saved yet.
 * @throws SnapshotFileUnusable, so that a damaged file never passes for an empty configuration
 */
export async function loadSealedSnapshot(file: string, sealer: Sealer): Promise<Snapshot | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new SnapshotFileUnusable(file, "unreadable", error);
  }
  if (!bytes.subarray(0, head.length).equals(head)) {
    const ours = bytes.toString("ascii", 0, headStart.length) === headStart;
    throw new SnapshotFileUnusable(file, ours ? "other-format" : "damaged");
  }
  try {
    return decode(sealer.openBytes(bytes.subarray(head.length), context));
  } catch (error) {
    const otherKey = error instanceof SealBroken && error.reason === "other-key";
    throw new SnapshotFileUnusable(file, otherKey ? "other-key" : "damaged", error);
  }
}
