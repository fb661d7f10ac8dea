// Stands between the two ends of a socket on which one task follows another: each is judged as its Model API wants when the
// task is asked for. Knows no service.
import { readClientFrame } from "../../protocols/dashscope-frames.ts";
import type { Ending } from "../websocket/peer.ts";
import type { RelayHandler } from "../websocket/relay.ts";
import { moderatedSocket, type ModeratedSocket, type ModeratedSocketOptions } from "./moderated-socket.ts";
import type { ModerationPolicy } from "./policy.ts";

export interface ModeratedTasksOptions extends Omit<ModeratedSocketOptions, "policy"> {
  /** Of the Model API as it is now; null: it has nothing judged. */
  policyNow(): ModerationPolicy | null;
  /** No task runs, or is about to. */
  isFree(): boolean;
}

export class ModeratedTasks implements RelayHandler {
  readonly #inner: RelayHandler;
  readonly #options: ModeratedTasksOptions;
  #policy: ModerationPolicy | null;
  #judged: ModeratedSocket | null;

  constructor(inner: RelayHandler, policy: ModerationPolicy | null, options: ModeratedTasksOptions) {
    this.#inner = inner;
    this.#options = options;
    this.#policy = policy;
    this.#judged = policy === null ? null : moderatedSocket(inner, { ...options, policy });
  }

  onClientMessage(data: Buffer, binary: boolean): void {
    if (!binary && this.#options.isFree() && isRunTask(data)) this.#follow();
    (this.#judged ?? this.#inner).onClientMessage(data, binary);
  }

  onServiceMessage(data: Buffer, binary: boolean): void {
    (this.#judged ?? this.#inner).onServiceMessage(data, binary);
  }

  onActivity(): void {
    this.#inner.onActivity();
  }

  onClientEnded(ending: Ending): void {
    (this.#judged ?? this.#inner).onClientEnded(ending);
  }

  onServiceEnded(ending: Ending): void {
    (this.#judged ?? this.#inner).onServiceEnded(ending);
  }

  /** What still waits of the task before keeps its place, and its policy. */
  #follow(): void {
    const policy = this.#options.policyNow();
    if (policy === this.#policy || this.#judged?.holdsClient === true) return;
    this.#judged?.abort();
    this.#policy = policy;
    this.#judged = policy === null ? null : moderatedSocket(this.#inner, { ...this.#options, policy });
  }
}

/** A frame that cannot be read is the inner handler's matter. */
function isRunTask(data: Buffer): boolean {
  try {
    return readClientFrame(data).action === "run-task";
  } catch {
    return false;
  }
}
