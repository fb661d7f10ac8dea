// A client's call that stands before another: what the request says is the other's. Knows nothing of what is answered.
import type { ClientCall } from "../listener/listener.ts";

export abstract class ForwardedCall implements ClientCall {
  protected readonly inner: ClientCall;
  abstract onGone: (() => void) | null;
  abstract onDrain: (() => void) | null;

  constructor(inner: ClientCall) {
    this.inner = inner;
  }

  abstract get started(): boolean;
  abstract get gone(): boolean;
  abstract send(status: number, headers: string[], body: Buffer | string): void;
  abstract start(status: number, headers: string[], length: number | undefined): void;
  abstract write(chunk: Buffer): boolean;
  abstract end(): void;
  abstract endAndClose(lastBytes: string): void;
  abstract destroy(): void;

  get method(): string {
    return this.inner.method;
  }

  get target(): string {
    return this.inner.target;
  }

  get rawHeaders(): readonly string[] {
    return this.inner.rawHeaders;
  }

  get httpMinor(): number {
    return this.inner.httpMinor;
  }

  get clientIp(): string {
    return this.inner.clientIp;
  }

  get expectsContinue(): boolean {
    return this.inner.expectsContinue;
  }

  get upgrade(): ClientCall["upgrade"] {
    return this.inner.upgrade;
  }

  get declaredLength(): number | undefined {
    return this.inner.declaredLength;
  }

  /** Told of what the client gets, not of what the service said. */
  get tap(): ClientCall["tap"] {
    return this.inner.tap;
  }

  set tap(tap: ClientCall["tap"]) {
    this.inner.tap = tap;
  }

  readBody(maxBytes: number): Promise<Buffer> {
    return this.inner.readBody(maxBytes);
  }

  openBody(sink: Parameters<ClientCall["openBody"]>[0]): void {
    this.inner.openBody(sink);
  }

  resumeBody(): void {
    this.inner.resumeBody();
  }
}
