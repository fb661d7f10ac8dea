// The shape of keys that Moongate makes: prefix, 43 characters of base62, a checksum of 6. Tells a mistyped key without a
// look-up. Must not know how keys are made or where they are stored.
import { crc32 } from "node:zlib";

/** `consumer` keys call Model APIs, `admin` tokens call the admin API; secret scanners tell them apart by prefix. */
export const keyPrefixes = { consumer: "mgc_", admin: "mga_" } as const;
export type KeyPurpose = keyof typeof keyPrefixes;

export const base62Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 62^43 is the first power of 62 above 2^256. */
export const keySecretLength = 43;
/** 62^6 is above 2^32. */
const checksumLength = 6;
const keyLength = keyPrefixes.consumer.length + keySecretLength + checksumLength;

/** What follows prefix and secret. */
export function keyChecksum(body: string): string {
  let rest = crc32(body);
  let text = "";
  for (let position = 0; position < checksumLength; position += 1) {
    text = base62Digits.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** Whether a text has the shape of a generated key and its checksum holds. */
export function isGeneratedKey(purpose: KeyPurpose, text: string): boolean {
  return hasShape(purpose, text) && text.endsWith(keyChecksum(text.slice(0, -checksumLength)));
}

/** Whether a text has the shape of a generated key, but not its checksum: nobody has such a key. */
export function isBrokenKey(purpose: KeyPurpose, text: string): boolean {
  return hasShape(purpose, text) && !text.endsWith(keyChecksum(text.slice(0, -checksumLength)));
}

function hasShape(purpose: KeyPurpose, text: string): boolean {
  return (
    text.length === keyLength &&
    text.startsWith(keyPrefixes[purpose]) &&
    /^[0-9A-Za-z]+$/.test(text.slice(keyPrefixes[purpose].length))
  );
}
