// API keys of consumers and tokens of the admin API: made here, shown once, stored as hashes. Knows no HTTP.
import { ControlError } from "./control-error.ts";
import type { Configuration } from "./configuration.ts";
import { keyPrefixes } from "../core/key-checksum.ts";
import { generateKey } from "./generated-key.ts";
import type { RandomBytes } from "./generated-key.ts";
import { isJsonObject } from "./merge-patch.ts";
import type { JsonObject } from "./merge-patch.ts";
import { authoredObject, createObject, writeObject } from "./objects.ts";
import type { ObjectRequest, WrittenObject } from "./objects.ts";
import { objectLabel } from "./prepare-edits.ts";

/** A key in clear, on its only way out. */
export interface ShownOnce {
  readonly value: string;
  readonly written: WrittenObject;
}

/** What a new credential may be given; without a value one is made. */
export interface NewCredential {
  readonly name: string;
  readonly value?: string | undefined;
  readonly expiresAt?: string | undefined;
}

type ConsumerRequest = Omit<ObjectRequest, "kind">;

/** Adds an API key to a consumer. @throws ControlError `not_found`, `conflict` */
export async function createCredential(
  configuration: Configuration,
  request: ConsumerRequest,
  credential: NewCredential,
  randomBytes: RandomBytes,
): Promise<ShownOnce> {
  const value = credential.value ?? generateKey("consumer", randomBytes);
  const { name, expiresAt } = credential;
  const written = await changeCredentials(configuration, request, (credentials) => {
    if (credentials.some((row) => row["name"] === name)) {
      throw new ControlError(
        "conflict",
        `${objectLabel("consumers", request.name)} has a credential "${name}" already.`,
      );
    }
    return [
      ...credentials,
      { type: "api-key", name, value, ...(expiresAt === undefined ? {} : { expiresAt }) },
    ];
  });
  return { value, written };
}

/** Takes a credential from a consumer; it stops working with the next snapshot. @throws ControlError `not_found` */
export async function deleteCredential(
  configuration: Configuration,
  request: ConsumerRequest,
  credential: string,
): Promise<void> {
  await changeCredentials(configuration, request, (credentials) => {
    const rest = credentials.filter((row) => row["name"] !== credential);
    if (rest.length < credentials.length) return rest;
    throw new ControlError(
      "not_found",
      `${objectLabel("consumers", request.name)} has no credential "${credential}".`,
    );
  });
}

async function changeCredentials(
  configuration: Configuration,
  request: ConsumerRequest,
  change: (credentials: readonly JsonObject[]) => readonly JsonObject[],
): Promise<WrittenObject> {
  return writeObject(
    configuration,
    { ...request, kind: "consumers" },
    { object: "present" },
    (working, name) => {
      const consumer = authoredObject(configuration, working, "consumers", name);
      const before = Array.isArray(consumer["credentials"])
        ? consumer["credentials"].filter(isJsonObject)
        : [];
      return { ...consumer, credentials: change(before) };
    },
  );
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
