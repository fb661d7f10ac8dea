// Which model each conversation had, in memory that all threads of a node share: no text and no name stands there, only
// digests keyed with a secret of the process. The one that was used least lately is forgotten. Knows no policy.
import { hash, randomFillSync } from "node:crypto";
import { lockWords, SharedLock } from "../../lib/shared-lock.ts";
import { SharedTable, type KeyHash } from "../../lib/shared-table.ts";

/** Of a node. The system gives memory only for those that there were. */
export const nodeConversations = 100_000;
/** Of a data plane that is alone. */
const loneConversations = 10_000;

const headBytes = 64;
const capacityAt = 0;
const secretAt = 4;
const lockAt = 8;
/** Models are told apart by so many words of their digest. */
const markWords = 2;

/** A model as the memory knows it. */
export interface ModelMark {
  readonly model: string;
  readonly digest: KeyHash;
}

export interface Conversations {
  markOf(model: string): ModelMark;
  /** What tells the conversation from others in records; empty where nothing is kept. */
  tagOf(conversation: string): string;
  /** The model that the conversation had, if it is one of these, and has not been silent for too long. */
  find(conversation: string, models: readonly ModelMark[]): string | undefined;
  /** @param untilMs monotonic */
  keep(conversation: string, model: ModelMark, untilMs: number): void;
}

export class SharedConversations implements Conversations {
  readonly #table: SharedTable;
  readonly #untilMs: Float64Array<SharedArrayBuffer>;
  readonly #models: Int32Array<SharedArrayBuffer>;
  readonly #lock: SharedLock;
  readonly #secret: string;
  readonly #nowMs: () => number;

  /**
   * @param holder tells the threads apart
   * @param nowMs monotonic, the same for all threads
   */
  constructor(buffer: SharedArrayBuffer, holder: number, nowMs: () => number) {
    const words = new Int32Array(buffer, 0, headBytes / 4);
    const capacity = words[capacityAt] ?? 0;
    const { untilMs, models } = layout(capacity);
    this.#table = new SharedTable(buffer, headBytes, capacity);
    this.#untilMs = new Float64Array(buffer, untilMs, capacity);
    this.#models = new Int32Array(buffer, models, capacity * markWords);
    this.#lock = new SharedLock(new Int32Array(buffer, lockAt * 4, lockWords), holder);
    this.#secret = words.slice(secretAt, secretAt + 4).join(" ");
    this.#nowMs = nowMs;
  }

  static allocate(capacity: number): SharedArrayBuffer {
    const buffer = new SharedArrayBuffer(layout(capacity).end);
    const words = new Int32Array(buffer, 0, headBytes / 4);
    words[capacityAt] = capacity;
    words.set(randomFillSync(new Int32Array(4)), secretAt);
    return buffer;
  }

  markOf(model: string): ModelMark {
    return { model, digest: this.#digest("model", model) };
  }

  tagOf(conversation: string): string {
    const [first = 0, second = 0] = this.#digest("tag", conversation);
    return [first, second].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  find(conversation: string, models: readonly ModelMark[]): string | undefined {
    const key = this.#digest("conversation", conversation);
    this.#open();
    const row = this.#table.find(key);
    const isKept = row >= 0 && (this.#untilMs[row] ?? 0) > this.#nowMs();
    const first = this.#models[row * markWords];
    const second = this.#models[row * markWords + 1];
    this.#lock.unlock();
    if (!isKept) return undefined;
    return models.find(({ digest }) => digest[0] === first && digest[1] === second)?.model;
  }

  keep(conversation: string, { digest }: ModelMark, untilMs: number): void {
    const key = this.#digest("conversation", conversation);
    this.#open();
    const row = this.#rowOf(key);
    this.#untilMs[row] = untilMs;
    for (let word = 0; word < markWords; word += 1) this.#models[row * markWords + word] = digest[word] ?? 0;
    this.#lock.unlock();
  }

  /** Gives back what a thread held that has ended. */
  release(holder: number): void {
    if (!this.#lock.takeFrom(holder)) return;
    this.#table.rebuild();
    this.#lock.unlock();
  }

  #rowOf(key: KeyHash): number {
    const table = this.#table;
    const found = table.find(key);
    if (found >= 0) {
      table.touch(found);
      return found;
    }
    if (table.count >= table.capacity) table.remove(table.oldest);
    return table.add(key);
  }

  /** Nothing between this and `unlock` throws or waits. */
  #open(): void {
    if (this.#lock.lock()) this.#table.rebuild();
  }

  #digest(kind: string, text: string): KeyHash {
    const digest = hash("sha256", `${this.#secret} ${kind} ${text}`, "buffer");
    return Int32Array.of(
      digest.readInt32LE(0),
      digest.readInt32LE(4),
      digest.readInt32LE(8),
      digest.readInt32LE(12),
    );
  }
}

/** Of a data plane that shares them with none. Its memory is made when a conversation first needs it. */
export function loneConversationMemory(nowMs: () => number): Conversations {
  let made: SharedConversations | undefined;
  const memory = (): SharedConversations =>
    (made ??= new SharedConversations(SharedConversations.allocate(loneConversations), 0, nowMs));
  return {
    markOf: (model) => memory().markOf(model),
    tagOf: (conversation) => memory().tagOf(conversation),
    find: (conversation, models) => memory().find(conversation, models),
    keep: (conversation, model, untilMs) => memory().keep(conversation, model, untilMs),
  };
}

function layout(capacity: number) {
  const untilMs = headBytes + SharedTable.bytes(capacity);
  const models = untilMs + capacity * 8;
  return { untilMs, models, end: models + capacity * markWords * 4 };
}
