// Tokens of the admin API: made here, shown once, stored as hashes. Knows no HTTP.
import { ControlError } from "./control-error.ts";
import type { Configuration } from "./configuration.ts";
import { keyPrefixes } from "../core/key-checksum.ts";
import { generateKey } from "./generated-key.ts";
import type { RandomBytes } from "./generated-key.ts";
import type { JsonObject } from "./merge-patch.ts";
import { createObject } from "./objects.ts";
import type { ObjectRequest, WrittenObject } from "./objects.ts";

/** A key in clear, on its only way out. */
export interface ShownOnce {
  readonly value: string;
  readonly written: WrittenObject;
}

/** Makes a token of the admin API. @throws ControlError `conflict` */
export async function createToken(
  configuration: Configuration,
  request: Omit<ObjectRequest, "kind" | "name" | "revision">,
  body: JsonObject,
  randomBytes: RandomBytes,
): Promise<ShownOnce> {
  if (body["value"] !== undefined) {
    const message = `is made by the gateway and starts with ${keyPrefixes.admin}; leave it out`;
    throw new ControlError("invalid", `value ${message}.`, [{ path: "value", message }]);
  }
  const value = generateKey("admin", randomBytes);
  const written = await createObject(configuration, { ...request, kind: "tokens" }, { ...body, value });
  return { value, written };
}
