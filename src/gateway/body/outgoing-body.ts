// The body of one send: the client's bytes, with another model where the target names one.
import { splice } from "../../lib/json-splice.ts";
import { patchRequestBody, type RequestPatch } from "../../protocols/request-body.ts";
import type { ReadBody } from "../exchange.ts";
import type { PassingBody } from "../upstream/upstream.ts";

export interface OutgoingBody {
  readonly body: Buffer | PassingBody | null;
  /** The gateway asked for usage. */
  readonly askedUsage: boolean;
}

export function outgoingBody(read: ReadBody | null, patch: RequestPatch): OutgoingBody {
  if (read === null) return { body: null, askedUsage: false };
  const { bytes, parsed, form, upload } = read;
  if (parsed !== null) return patchRequestBody(bytes, parsed, patch);
  const edit = patch.model === undefined ? undefined : form?.rewriteModel(patch.model);
  if (upload !== null) {
    const body = { stream: upload.open(edit), length: upload.lengthWith(edit) };
    return { body, askedUsage: false };
  }
  return { body: edit === undefined ? bytes : splice(bytes, [edit]), askedUsage: false };
}
