// A request that a provider would answer with an error. Must not know how a protocol spells it.

/** Thrown while a request is read or answered; the protocol's error shape is put on where it is caught. */
export class RefusedRequest extends Error {
  readonly status: number;
  /** The request field at fault, if one is. */
  readonly param: string | null;
  readonly code: string | null;

  constructor(status: number, message: string, param: string | null = null, code: string | null = null) {
    super(message);
    this.status = status;
    this.param = param;
    this.code = code;
  }
}
