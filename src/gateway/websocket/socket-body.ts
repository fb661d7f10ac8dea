// What stands for the body of a request whose model is not in a JSON body. Pure.
import type { ReadBody } from "../exchange.ts";

const nothing = Buffer.alloc(0);
const unscanned = { ok: true, insideStart: 0, empty: true, members: [] } as const;

/** @param bytes whatever the model was read in */
export function socketBody(model: string | undefined, bytes: Buffer = nothing): ReadBody {
  return { bytes, parsed: { model, stream: true, scan: unscanned } };
}
