// What the value of a service's key may be, all as one text: a plain key, an access key of AWS, a service account of
// Google. Must not know how it is put on a request.
import { isJsonObject, parseJson, textOf } from "../lib/json-value.ts";
import type { AccessKey } from "./sigv4.ts";
import { serviceAccountIn } from "./service-account.ts";

/** An access key as one text; undefined when a part of it is not there. */
export function accessKeyText(value: object): string | undefined {
  const key = accessKeyOf(value);
  return key === undefined ? undefined : JSON.stringify(key);
}

/** The access key that a text is; undefined for any other. */
export function accessKeyIn(text: string): AccessKey | undefined {
  return text.startsWith("{") ? accessKeyOf(parseJson(text)) : undefined;
}

function accessKeyOf(value: unknown): AccessKey | undefined {
  const accessKeyId = textOf(value, "accessKeyId");
  const secretAccessKey = textOf(value, "secretAccessKey");
  const sessionToken = textOf(value, "sessionToken");
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** Whether a value in a service's form is an access key, whatever its secrets look like at the moment. */
export function isAccessKey(value: unknown): boolean {
  return isJsonObject(value) && Object.hasOwn(value, "accessKeyId");
}

/** Every part of a key that nobody may see. */
export function secretsIn(text: string): readonly string[] {
  const access = accessKeyIn(text);
  if (access !== undefined) {
    const { secretAccessKey, sessionToken } = access;
    return sessionToken === undefined ? [text, secretAccessKey] : [text, secretAccessKey, sessionToken];
  }
  const account = serviceAccountIn(text);
  if (typeof account !== "object") return [text];
  const { privateKey } = account;
  return [text, privateKey, JSON.stringify(privateKey).slice(1, -1)];
}
