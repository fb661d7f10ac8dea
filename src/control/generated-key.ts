// Keys that Moongate makes: prefix, 256 random bits in base62, checksum. Knows not where they are stored.
import { createHash } from "node:crypto";
import { base62Digits, keyChecksum, keyPrefixes, keySecretLength } from "../core/key-checksum.ts";
import type { KeyPurpose } from "../core/key-checksum.ts";

/** Fills a number of random bytes; `node:crypto` at run time. */
export type RandomBytes = (length: number) => Uint8Array;

/** 256 random bits as 43 characters. */
function randomText(randomBytes: RandomBytes): string {
  let rest = BigInt(`0x${Buffer.from(randomBytes(32)).toString("hex")}`);
  let text = "";
  for (let position = 0; position < keySecretLength; position += 1) {
    text = base62Digits.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}

/** A new key such as `mgc_` + 43 characters + a checksum of 6, which catches typing errors without a look-up. */
export function generateKey(purpose: KeyPurpose, randomBytes: RandomBytes): string {
  const body = keyPrefixes[purpose] + randomText(randomBytes);
  return body + keyChecksum(body);
}

/** The public part of a credential that signs requests: it names the credential and proves nothing. */
export function generateAccessKey(randomBytes: RandomBytes): string {
  return `mgk_${randomText(randomBytes).slice(-22)}`;
}

/** The secret part of a credential that signs requests. */
export function generateSecretKey(randomBytes: RandomBytes): string {
  return `mgs_${randomText(randomBytes)}`;
}

/** SHA-256 in hex: what is stored of a key. No salt or slow hash is needed, since keys are random or long. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
