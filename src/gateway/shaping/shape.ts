// Makes of a request what the owner of its Model API wants it to be: headers, fields, parameters, system prompt.
// Must not know services: what is shaped is the client's request in the client's protocol.
import { isUtf8 } from "node:buffer";
import { removeField, renameField, setField } from "../../lib/json-edit.ts";
import { prepareScan, scanObject } from "../../lib/json-scan.ts";
import type { SnapshotBodyEdits } from "../../snapshot/snapshot.ts";
import type { Exchange, Matched, ReadBody } from "../exchange.ts";
import { editHeaders } from "./edit-headers.ts";
import { limitParameters } from "./parameters.ts";
import { wrapSystemPrompt } from "./system-prompt.ts";

/** Of any request that is to be sent, a handshake too. */
export function shapeHead(exchange: Exchange, { api }: Matched): void {
  const edits = api.config.shaping?.requestHeaders;
  if (edits === undefined || exchange.head === null) return;
  exchange.head = { ...exchange.head, forward: editHeaders(exchange.head.forward, edits) };
}

/** Fields and parameters of a JSON body: before its tokens are reserved, so that what is lowered is not reserved. */
export function shapeBody(exchange: Exchange, { api, route, operation }: Matched): void {
  const { shaping } = api.config;
  const { body } = exchange;
  if (shaping === undefined || body === null || !isJsonObject(body)) return;
  const { protocol } = route.row;
  const before = body.bytes;
  let bytes = shaping.requestBody === undefined ? before : editBody(before, shaping.requestBody);
  if (operation.answer === "generation" && shaping.parameters !== undefined)
    bytes = limitParameters(bytes, protocol, shaping.parameters, exchange.warnings);
  if (bytes !== before) exchange.replaceBody(bytes, operation.answer);
}

/**
 * The owner's words around the client's: after moderation, which judges clients alone.
 * @throws GatewayError invalid_request where they have no place
 */
export function addPrompt(exchange: Exchange, { api, route, operation }: Matched): void {
  const words = api.config.shaping?.prompt;
  const { body } = exchange;
  if (words === undefined || operation.answer !== "generation" || body === null || !isJsonObject(body))
    return;
  exchange.replaceBody(wrapSystemPrompt(body.bytes, route.row.protocol, words), operation.answer);
}

const anyObject = prepareScan([]);

/** A body that names its model elsewhere has not been looked into yet; what is no JSON is the service's to refuse. */
function isJsonObject({ parsed, form, bytes }: ReadBody): boolean {
  return parsed !== null || (form === null && isUtf8(bytes) && scanObject(bytes, anyObject).ok);
}

function editBody(body: Buffer, { remove, rename, set }: SnapshotBodyEdits): Buffer {
  let bytes = body;
  for (const path of remove) bytes = removeField(bytes, path);
  for (const [path, name] of rename) bytes = renameField(bytes, path, name);
  for (const [path, json] of set) bytes = setField(bytes, path, json);
  return bytes;
}
