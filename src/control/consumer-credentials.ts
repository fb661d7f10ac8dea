// Credentials of consumers: made, given, rotated and taken here. A secret is shown once, on its only way out. Knows no HTTP.
import type { Credential } from "../resources/consumer.ts";
import { ControlError } from "./control-error.ts";
import type { Configuration } from "./configuration.ts";
import { generateAccessKey, generateKey, generateSecretKey } from "./generated-key.ts";
import type { RandomBytes } from "./generated-key.ts";
import { isStoredSecret } from "./kept-secrets.ts";
import { isJsonObject } from "./merge-patch.ts";
import type { JsonObject } from "./merge-patch.ts";
import { authoredObject, findObject, writeObject } from "./objects.ts";
import type { ObjectRequest } from "./objects.ts";
import { objectLabel } from "./prepare-edits.ts";
import type { WorkingSet } from "./working-set.ts";

type ConsumerRequest = Omit<ObjectRequest, "kind">;

/** What a new credential may be given; what is secret in it is made when it is left out. */
export type NewCredential =
  | {
      readonly type: "api-key";
      readonly name: string;
      readonly value?: string | undefined;
      readonly expiresAt?: string | undefined;
    }
  | {
      readonly type: "hmac";
      readonly name: string;
      readonly accessKey?: string | undefined;
      readonly secretKey?: string | undefined;
      readonly expiresAt?: string | undefined;
    }
  | Extract<Credential, { readonly type: "jwt" }>;

/** The credential as it was made. @throws ControlError `not_found`, `conflict`, `invalid` */
export async function createCredential(
  configuration: Configuration,
  request: ConsumerRequest,
  asked: NewCredential,
  randomBytes: RandomBytes,
): Promise<JsonObject> {
  const made = withSecrets(asked, randomBytes);
  await changeCredentials(configuration, request, (credentials) => {
    if (credentials.some((row) => row["name"] === asked.name)) {
      const whose = objectLabel("consumers", request.name);
      throw new ControlError("conflict", `${whose} has a credential "${asked.name}" already.`);
    }
    return [...credentials, made];
  });
  return made;
}

function withSecrets(asked: NewCredential, randomBytes: RandomBytes): JsonObject {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  switch (asked.type) {
    case "api-key":
      return { value: generateKey("consumer", randomBytes), ...given };
    case "hmac":
      return {
        accessKey: generateAccessKey(randomBytes),
        secretKey: generateSecretKey(randomBytes),
        ...given,
      };
    case "jwt":
      return given;
  }
}

export interface Rotation {
  readonly credential: string;
  /** Until when the old secret is taken beside the new one, ISO 8601; null = it ends at once. */
  readonly overlapUntil: string | null;
}

/**
 * Puts a new secret in the place of the old one, which may work on for a while. What an earlier rotation kept ends now.
 * @returns the new secret
 * @throws ControlError `not_found`, `invalid`
 */
export async function rotateCredential(
  configuration: Configuration,
  request: ConsumerRequest,
  { credential: name, overlapUntil }: Rotation,
  randomBytes: RandomBytes,
): Promise<string> {
  let value = "";
  await changeCredentials(
    configuration,
    request,
    (credentials, working) => {
      const row = credentials.find((candidate) => candidate["name"] === name);
      if (row === undefined) throw noCredential(request.name, name);
      const field = row["type"] === "hmac" ? "secretKey" : "value";
      if (row["type"] === "jwt") {
        const message = "A token's keys are those of its identity provider: rotate them there.";
        throw new ControlError("invalid", message);
      }
      value = field === "value" ? generateKey("consumer", randomBytes) : generateSecretKey(randomBytes);
      const kept = overlapUntil === null ? null : currentSecret(working, request.name, name);
      const { previous, ...rest } = row;
      const changed = {
        ...rest,
        [field]: value,
        ...(kept !== null ? { previous: { [field]: kept, expiresAt: overlapUntil } } : {}),
        // Left out it would be kept, as any secret is.
        ...(kept === null && previous !== undefined ? { previous: null } : {}),
      };
      return credentials.map((candidate) => (candidate === row ? changed : candidate));
    },
    { movesSecrets: true },
  );
  return value;
}

/** The secret that a rotation replaces: as a hash where no more is known of it. */
function currentSecret(working: WorkingSet, consumer: string, name: string): unknown {
  const resource = findObject(working, "consumers", consumer);
  const credentials = resource.kind === "consumers" ? resource.value.credentials : [];
  const credential = credentials.find((candidate) => candidate.name === name);
  if (credential === undefined || credential.type === "jwt") throw noCredential(consumer, name);
  const secret = credential.type === "hmac" ? credential.secretKey : credential.value;
  if (!isStoredSecret(secret)) return secret;
  // Where it came from is where the next one comes from too: a reference of the old one would be wrong.
  const { reference: _reference, ...stored } = secret;
  return stored;
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
    throw noCredential(request.name, credential);
  });
}

function noCredential(consumer: string, credential: string): ControlError {
  return new ControlError(
    "not_found",
    `${objectLabel("consumers", consumer)} has no credential "${credential}".`,
  );
}

async function changeCredentials(
  configuration: Configuration,
  request: ConsumerRequest,
  change: (credentials: readonly JsonObject[], working: WorkingSet) => readonly JsonObject[],
  options: { readonly movesSecrets?: true } = {},
): Promise<void> {
  await writeObject(
    configuration,
    { ...request, ...options, kind: "consumers" },
    { object: "present" },
    (working, name) => {
      const consumer = authoredObject(configuration, working, "consumers", name);
      const before = Array.isArray(consumer["credentials"])
        ? consumer["credentials"].filter(isJsonObject)
        : [];
      return { ...consumer, credentials: change(before, working) };
    },
  );
}
