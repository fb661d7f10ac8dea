// What stands for the body of a request that comes as a socket.
import type { Exchange } from "../exchange.ts";

const nothing = Buffer.alloc(0);

/** @param bytes whatever the model was read in */
export function keepSocketBody(exchange: Exchange, model: string | undefined, bytes: Buffer = nothing): void {
  exchange.requestedModel = model;
  exchange.stream = true;
  exchange.keepBody({ bytes, parsed: null, form: null, upload: null }, "bytes");
}
