// A request that nobody sent, in the place of one from a client: it is read like any other and cannot be answered.
import type { ClientCall } from "../listener/listener.ts";

export interface ImaginedRequest {
  readonly method: string;
  /** As clients send it: with the base path, and a query if there is one. */
  readonly path: string;
  /** Flat: name, value; with Host. */
  readonly headers: readonly string[];
  /** Undefined: the body is not the question; an empty object stands for it. */
  readonly body: string | undefined;
}

export function imaginedCall({ method, path, headers, body }: ImaginedRequest): ClientCall {
  const unasked = (): never => {
    throw new Error("a request that nobody sent was answered");
  };
  return {
    method,
    target: path,
    rawHeaders: headers,
    httpMinor: 1,
    clientIp: "",
    expectsContinue: false,
    gone: false,
    onGone: null,
    onDrain: null,
    tap: null,
    started: false,
    upgrade: null,
    readBody: () => Promise.resolve(Buffer.from(body ?? "{}")),
    declaredLength: undefined,
    openBody: (sink) => {
      sink.piece(Buffer.from(body ?? "{}"));
      sink.end();
    },
    resumeBody: () => undefined,
    send: unasked,
    start: unasked,
    write: unasked,
    end: unasked,
    endAndClose: unasked,
    destroy: unasked,
  };
}
