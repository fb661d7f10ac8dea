// How a request that tries a Model API out gets to the data plane and its answer back. Types alone; knows no HTTP.

/** A request to try a Model API out with, ready to be sent to the data plane. */
export interface DebugSend {
  /** The Model API that it is meant for. */
  readonly api: string;
  /** Consumer whose request it is to be; "" = nobody's: it passes without a credential. */
  readonly consumer: string;
  readonly method: string;
  /** With the base path, and a query if there is one. */
  readonly path: string;
  /** Flat: name, value; with Host. */
  readonly headers: readonly string[];
  readonly body: Buffer | undefined;
}

/** Who would take a request; null: nobody, or the data plane refuses it. */
export interface RequestTaker {
  readonly api: string;
  readonly isWebSocket: boolean;
}

/** An answer of the data plane, as it comes. */
export interface DataPlaneAnswer {
  readonly status: number;
  /** Flat: name, value. */
  readonly headers: readonly string[];
  /** Fails when the answer breaks off; cancelling it closes the request. */
  readonly body: ReadableStream<Uint8Array>;
}

export interface DebugPort {
  /** Which Model API takes a request. */
  takerOf(request: Pick<DebugSend, "method" | "path" | "headers">): RequestTaker | null;
  /** Sends a request through the data plane's own port. @throws Error when no answer comes */
  send(request: DebugSend, left: AbortSignal): Promise<DataPlaneAnswer>;
}
