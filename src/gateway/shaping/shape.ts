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

/** Of a JSON body. @throws GatewayError invalid_request where the words of the owner have no place */
export function shapeBody(exchange: Exchange, { api, route, operation }: Matched): void {
  const { shaping } = api.config;
  const { body } = exchange;
  if (shaping === undefined || body === null || !isJsonObject(body)) return;
  const { protocol } = route.row;
  const before = body.bytes;
  let bytes = shaping.requestBody === undefined ? before : editBody(before, shaping.requestBody);
  if (operation.answer === "generation") {
    if (shaping.parameters !== undefined)
      bytes = limitParameters(bytes, protocol, shaping.parameters, exchange.warnings);
    if (shaping.prompt !== undefined) bytes = wrapSystemPrompt(bytes, protocol, shaping.prompt);
  }
  if (bytes !== before) exchange.replaceBody(bytes, operation.answer);
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
