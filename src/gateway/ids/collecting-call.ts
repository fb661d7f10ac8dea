// Stands in for a client: takes the answer to a request that the gateway sends by itself. Bounded. Knows no format.
import type { ClientCall } from "../listener/listener.ts";

/** An answer with more is of no use. */
const maxBytes = 64 * 1024 * 1024;

export class CollectingCall implements ClientCall {
  readonly method = "GET";
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly httpMinor = 1;
  readonly clientIp: string;
  readonly expectsContinue = false;
  gone = false;
  onGone: (() => void) | null = null;
  onDrain: (() => void) | null = null;
  tap = null;
  started = false;
  readonly upgrade = null;
  readonly declaredLength = undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #complete = false;

  /** @param call the client's own, on whose behalf it is sent */
  constructor({ target, rawHeaders, clientIp }: ClientCall) {
    this.target = target;
    this.rawHeaders = rawHeaders;
    this.clientIp = clientIp;
  }

  /** The whole body; undefined when none has come to its end. */
  get body(): Buffer | undefined {
    return this.#complete ? Buffer.concat(this.#pieces, this.#bytes) : undefined;
  }

  /** The client has gone. */
  leave(): void {
    if (this.gone) return;
    this.gone = true;
    this.onGone?.();
  }

  readBody(): Promise<Buffer> {
    return Promise.resolve(Buffer.alloc(0));
  }

  openBody({ end }: Parameters<ClientCall["openBody"]>[0]): void {
    end();
  }

  resumeBody(): void {
    // There is no body.
  }

  send(_status: number, _headers: string[], body: Buffer | string): void {
    this.started = true;
    this.write(Buffer.from(body));
    this.end();
  }

  start(): void {
    this.started = true;
  }

  write(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes <= maxBytes) this.#pieces.push(chunk);
    else this.#pieces = [];
    return true;
  }

  end(): void {
    this.#complete = this.#bytes <= maxBytes;
  }

  endAndClose(): void {
    // Broken off: what came is not the whole.
  }

  destroy(): void {
    // As above.
  }
}
