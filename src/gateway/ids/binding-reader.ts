// A reader of a streamed answer that lets the ids of each event be bound before the event goes on. Knows no format.
import type { Usage } from "../../core/usage.ts";
import type { EventMeaning, ReportedError, StreamReader } from "../../protocols/wire.ts";

export class BindingReader implements StreamReader {
  readonly #reader: StreamReader;
  readonly #bind: (event: string, data: Buffer) => boolean;
  #failed = false;

  /** @param bind false: an id could not be bound, so that nothing more may go on */
  constructor(reader: StreamReader, bind: (event: string, data: Buffer) => boolean) {
    this.#reader = reader;
    this.#bind = bind;
  }

  read(event: string, data: Buffer): EventMeaning {
    this.#failed ||= !this.#bind(event, data);
    // What was not sent yet is held then, until whoever reads has stopped.
    return this.#failed ? "noise" : this.#reader.read(event, data);
  }

  isExtraUsage(data: Buffer): boolean {
    return this.#reader.isExtraUsage(data);
  }

  get finished(): boolean {
    return this.#reader.finished;
  }

  get usageMayFollow(): boolean {
    return this.#reader.usageMayFollow;
  }

  get usage(): Usage | undefined {
    return this.#reader.usage;
  }

  get outputPending(): boolean {
    return this.#reader.outputPending === true;
  }

  get error(): ReportedError | undefined {
    return this.#reader.error;
  }
}
