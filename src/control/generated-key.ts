// Keys that Moongate makes: prefix, 256 random bits in base62, checksum. Knows not where they are stored.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 62^43 is the first power of 62 above 2^256. */
const secretLength = 43;
/** 62^6 is above 2^32. */
const checksumLength = 6;

/** `consumer` keys call Model APIs, `admin` tokens call the admin API; secret scanners tell them apart by prefix. */
export const keyPrefixes = { consumer: "mgc_", admin: "mga_" } as const;
export type KeyPurpose = keyof typeof keyPrefixes;

/** Fills a number of random bytes; `node:crypto` at run time. */
export type RandomBytes = (length: number) => Uint8Array;

function base62(value: bigint, length: number): string {
  let rest = value;
  let text = "";
  for (let position = 0; position < length; position += 1) {
    text = alphabet.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}

/** A new key such as `mgc_` + 43 characters + a checksum of 6, which catches typing errors without a look-up. */
export function generateKey(purpose: KeyPurpose, randomBytes: RandomBytes): string {
  const number = BigInt(`0x${Buffer.from(randomBytes(32)).toString("hex")}`);
  const body = keyPrefixes[purpose] + base62(number, secretLength);
  return body + base62(BigInt(crc32(body)), checksumLength);
}

/** Whether a text has the shape of a generated key and its checksum holds. */
export function isGeneratedKey(purpose: KeyPurpose, text: string): boolean {
  if (!text.startsWith(keyPrefixes[purpose])) return false;
  const body = text.slice(0, -checksumLength);
  if (body.length !== keyPrefixes[purpose].length + secretLength) return false;
  return text.slice(-checksumLength) === base62(BigInt(crc32(body)), checksumLength);
}

/** SHA-256 in hex: what is stored of a key. No salt or slow hash is needed, since keys are random or long. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
