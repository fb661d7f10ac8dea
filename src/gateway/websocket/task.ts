// One task of a client on a DashScope socket, from its run-task frame to its end: the frames that wait, and what was asked.
import type { ClientFrame } from "../../protocols/dashscope-frames.ts";

/** A message of a client; `read` is null for a binary one. */
export interface HeldFrame {
  readonly data: Buffer;
  readonly read: ClientFrame | null;
}

/** Held of a task's frames until a service has started it, in bytes; then the client is not read. */
const maxHeldBytes = 256 * 1024;

export class Task {
  readonly id: string;
  /** The frame that asked for it. */
  readonly run: { readonly data: Buffer; readonly read: ClientFrame };
  /** Code points of text that were sent to be spoken. */
  characters: number;
  #held: HeldFrame[] = [];
  #bytes: number;

  constructor(data: Buffer, read: ClientFrame) {
    this.id = read.taskId;
    this.run = { data, read };
    this.characters = read.characters;
    this.#bytes = data.length;
  }

  /** Keeps a frame that followed before the task was started. False: no more may come. */
  hold(frame: HeldFrame): boolean {
    this.#held.push(frame);
    this.#bytes += frame.data.length;
    this.characters += frame.read?.characters ?? 0;
    return this.#bytes <= maxHeldBytes;
  }

  takeHeld(): readonly HeldFrame[] {
    return this.#held.splice(0);
  }
}
