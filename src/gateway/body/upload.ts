// A request body that is no JSON: held whole while it is small, so that it can be sent again; else passed on as it
// comes, or written to a file where something that stands behind its files must be known first.
import { Readable } from "node:stream";
import { GatewayError } from "../../core/errors.ts";
import type { Edit } from "../../lib/json-splice.ts";
import { Deadline, type TimerWheel } from "../../lib/timer-wheel.ts";
import { spliceChunk } from "../../protocols/splice-chunk.ts";
import type { BodySink } from "./body-collector.ts";
import type { ClientCall } from "../listener/listener.ts";
import { SpoolFile } from "./spool-file.ts";

/** Bodies that are no JSON at most, in bytes. */
export const maxUploadBytes = 512 * 1024 * 1024;
/** Held in memory, in bytes. */
export const maxHeldBytes = 8 * 1024 * 1024;
const idleMs = 30_000;

/** Reads on the side what must be known of a body. */
export interface UploadReader {
  push(bytes: Buffer): void;
  finish(): void;
  /** Nothing that is still to come is asked for. */
  readonly settled: boolean;
}

export interface UploadTools {
  readonly wheel: TimerWheel;
  /** Where files of bodies go while they are needed. */
  readonly spoolFolder: string;
}

/** Told of a body that passes. */
export interface UploadWatch {
  bodyPasses(): void;
  /** A piece of it went on. */
  touch(): void;
  bodySent(): void;
}

type Phase = "holding" | "spooling" | "passing" | "over";

export class Upload implements BodySink {
  readonly #call: ClientCall;
  readonly #reader: UploadReader;
  readonly #tools: UploadTools;
  readonly #idle: Deadline;
  readonly #decided = Promise.withResolvers<void>();
  #phase: Phase = "holding";
  #pieces: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #file: SpoolFile | null = null;
  #writing = false;
  /** Takes what comes, once it is sent. */
  #passing: PassingBody | null = null;
  #watch: UploadWatch | null = null;
  /** Why it could not be read to its end. */
  failure: GatewayError | null = null;

  private constructor(call: ClientCall, reader: UploadReader, tools: UploadTools) {
    this.#call = call;
    this.#reader = reader;
    this.#tools = tools;
    this.#idle = new Deadline(() =>
      this.#fail(
        new GatewayError("request_timeout", { message: "The request body stalled for 30 seconds." }),
      ),
    );
  }

  /**
   * Resolves when enough of it is there.
   * @throws GatewayError body_too_large, request_timeout, invalid_request
   */
  static async receive(call: ClientCall, reader: UploadReader, tools: UploadTools): Promise<Upload> {
    if ((call.declaredLength ?? 0) > maxUploadBytes) throw new GatewayError("body_too_large");
    const upload = new Upload(call, reader, tools);
    upload.#await();
    call.openBody(upload);
    await upload.#decided.promise;
    return upload;
  }

  /** The whole body; null when it is too large to be held. */
  get held(): Buffer | null {
    if (this.#phase !== "over" || this.#file !== null) return null;
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first !== undefined
      ? first
      : Buffer.concat(this.#pieces, this.#bytes);
  }

  /** Whether it can be sent, or sent once more. */
  get sendable(): boolean {
    return this.failure === null && (this.#file !== null || this.#passing === null);
  }

  /** Bytes of the body as it is sent; undefined when the client has not said. */
  lengthWith(edit: Edit | undefined): number | undefined {
    const length = this.#file?.size ?? this.#call.declaredLength;
    if (length === undefined || edit === undefined) return length;
    return length + Buffer.byteLength(edit.text) - (edit.end - edit.start);
  }

  /** Opens it for one send. */
  open(edit: Edit | undefined): Readable {
    if (this.#file !== null) return this.#file.open(edit);
    this.#passing = new PassingBody(edit, () => this.#passOn());
    return this.#passing;
  }

  /** @param watch of the send that was opened last */
  watch(watch: UploadWatch): void {
    if (this.#passing === null || this.#ended) return;
    this.#watch = watch;
    watch.bodyPasses();
  }

  /** Nobody wants it any more. */
  close(): void {
    this.#tools.wheel.cancel(this.#idle);
    this.#file?.close();
    this.#file = null;
    this.#pieces = [];
  }

  piece(bytes: Buffer): boolean {
    if (this.failure !== null) return true;
    this.#bytes += bytes.length;
    if (this.#bytes > maxUploadBytes) return this.#fail(new GatewayError("body_too_large"));
    this.#await();
    try {
      this.#reader.push(bytes);
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#phase === "spooling") return this.#spool(bytes);
    if (this.#phase === "passing") return this.#pass(bytes);
    this.#pieces.push(bytes);
    return this.#bytes <= maxHeldBytes || this.#decide();
  }

  end(): void {
    if (this.failure !== null) return;
    this.#ended = true;
    this.#tools.wheel.cancel(this.#idle);
    try {
      this.#reader.finish();
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#phase === "passing") this.#passOn();
    else if (!this.#writing) this.#settle("over");
  }

  aborted(): void {
    const message = "The client went away before its body was complete.";
    this.#fail(new GatewayError("invalid_request", { message }));
  }

  broken(): void {
    const message = "The request body is not framed as HTTP/1.1.";
    this.#fail(new GatewayError("invalid_request", { message }));
  }

  /** It is too large to be held. */
  #decide(): boolean {
    if (this.#reader.settled) {
      this.#settle("passing");
      return false;
    }
    try {
      this.#file = new SpoolFile(this.#tools.spoolFolder);
    } catch (error) {
      return this.#fail(error);
    }
    this.#phase = "spooling";
    const held = Buffer.concat(this.#pieces, this.#bytes);
    this.#pieces = [];
    return this.#spool(held);
  }

  #settle(phase: Phase): void {
    this.#phase = phase;
    this.#decided.resolve();
  }

  #spool(bytes: Buffer): boolean {
    this.#writing = true;
    this.#file?.append(bytes, (error) => {
      this.#writing = false;
      if (error !== null) this.#fail(error);
      else if (this.#ended) this.#settle("over");
      else this.#call.resumeBody();
    });
    return false;
  }

  #pass(bytes: Buffer): boolean {
    this.#pieces.push(bytes);
    return this.#passOn();
  }

  /** Gives on what is there; false when no more is wanted for now. */
  #passOn(): boolean {
    const body = this.#passing;
    if (body === null) return false;
    while (this.#pieces.length > 0) {
      if (!body.wanted) return false;
      body.give(this.#pieces.shift() ?? nothing);
      this.#watch?.touch();
    }
    if (this.#ended) {
      body.finish();
      this.#watch?.bodySent();
      this.#watch = null;
    }
    if (!this.#ended && body.wanted) this.#call.resumeBody();
    return body.wanted;
  }

  #await(): void {
    this.#tools.wheel.arm(this.#idle, idleMs);
  }

  #fail(error: unknown): boolean {
    if (this.failure !== null || (this.#ended && this.#phase === "over")) return true;
    const failure = error instanceof GatewayError ? error : unspooled(error);
    this.failure = failure;
    this.#tools.wheel.cancel(this.#idle);
    this.#decided.reject(failure);
    // Whoever has the decision already learns it from the body that it sends.
    this.#passing?.destroy(failure);
    return true;
  }
}

const nothing = Buffer.alloc(0);

function unspooled(cause: unknown): GatewayError {
  return new GatewayError("overloaded", {
    message: "The gateway has no room for this request body now.",
    retryAfterSeconds: 1,
    cause,
  });
}

/** The body of one send that gets its bytes from the client as they come. */
class PassingBody extends Readable {
  readonly #edit: Edit | undefined;
  readonly #more: () => void;
  #offset = 0;
  wanted = false;

  constructor(edit: Edit | undefined, more: () => void) {
    super({ highWaterMark: 64 * 1024 });
    this.#edit = edit;
    this.#more = more;
  }

  override _read(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.#more();
  }

  give(bytes: Buffer): void {
    const pieces = this.#edit === undefined ? [bytes] : spliceChunk(bytes, this.#offset, this.#edit);
    this.#offset += bytes.length;
    for (const piece of pieces) this.wanted = this.push(piece);
  }

  finish(): void {
    this.push(null);
  }
}
