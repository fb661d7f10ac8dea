// Authenticated encryption of small texts and files under one master key (AES-256-GCM). Knows not what it seals.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

/** Why a sealed value does not open: it is none, another key sealed it, or its bytes or context were changed. */
export type SealBrokenReason = "malformed" | "other-key" | "changed";

const brokenMessages: Readonly<Record<SealBrokenReason, string>> = {
  malformed: "This is not a sealed value of a known version",
  "other-key": "The value was sealed with another master key",
  changed: "The sealed value was changed or belongs elsewhere",
};

/** Thrown when a sealed value does not open. Carries neither content nor key. */
export class SealBroken extends Error {
  readonly reason: SealBrokenReason;

  constructor(reason: SealBrokenReason) {
    super(brokenMessages[reason]);
    this.name = "SealBroken";
    this.reason = reason;
  }
}

export interface PieceSealer {
  add(plain: Uint8Array): void;
  /** All sealed bytes, in order; nothing is added afterwards. */
  finish(): readonly Buffer[];
}

export interface Sealer {
  /** Names the master key without telling it: 16 hex digits. */
  readonly keyId: string;
  /** @param context where the value stands; opening it elsewhere fails, so values cannot be swapped */
  seal(plain: string, context: string): string;
  /** @throws SealBroken */
  open(sealed: string, context: string): string;
  sealBytes(plain: Uint8Array, context: string): Buffer;
  /** The same for what is too large to be sealed in one go. */
  sealPieces(context: string): PieceSealer;
  /** @throws SealBroken */
  openBytes(sealed: Uint8Array, context: string): Buffer;
  /** HMAC-SHA-256, hex, under a key of its own that only the master key gives. */
  mac(text: string): string;
}

export const masterKeyBytes = 32;

const algorithm = "aes-256-gcm";
const version = 1;
const keyIdBytes = 8;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + keyIdBytes;
const textPrefix = "sealed:";
const sealedText = /^sealed:[A-Za-z0-9_-]+$/;

/** Whether a text has the form that `seal` gives. */
export function isSealed(text: string): boolean {
  return sealedText.test(text);
}

/**
 * Layout of the sealed bytes: version (1), key id (8), nonce (12), tag (16), ciphertext.
 * The text form is the same in base64url after `sealed:`.
 * @throws RangeError when the key does not have 32 bytes
 */
export function createSealer(masterKey: Uint8Array): Sealer {
  if (masterKey.length !== masterKeyBytes) throw new RangeError(`A master key has ${masterKeyBytes} bytes`);
  // Separate keys for encrypting and for naming, so that the public key id says nothing about the other.
  const key = Buffer.from(hkdfSync("sha256", masterKey, "", "seal encryption 1", 32));
  const nameKey = Buffer.from(hkdfSync("sha256", masterKey, "", "seal key id 1", 32));
  const keyId = createHmac("sha256", nameKey).update("key id").digest().subarray(0, keyIdBytes);
  const macKey = Buffer.from(hkdfSync("sha256", masterKey, "", "seal mac 1", 32));
  const head = Buffer.concat([Buffer.of(version), keyId]);
  const additionalData = (context: string): Buffer => Buffer.concat([head, Buffer.from(context, "utf8")]);

  const sealPieces = (context: string): PieceSealer => {
    // Random 96-bit nonces are safe for 2^32 values under one key (NIST SP 800-38D, section 8.3).
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(additionalData(context));
    const content: Buffer[] = [];
    return {
      add: (plain) => void content.push(cipher.update(plain)),
      finish: () => {
        content.push(cipher.final());
        return [head, nonce, cipher.getAuthTag(), ...content];
      },
    };
  };

  const sealBytes = (plain: Uint8Array, context: string): Buffer => {
    const pieces = sealPieces(context);
    pieces.add(plain);
    return Buffer.concat(pieces.finish());
  };

  const openBytes = (sealed: Uint8Array, context: string): Buffer => {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    const contentStart = headBytes + nonceBytes + tagBytes;
    if (bytes.length < contentStart || bytes[0] !== version) throw new SealBroken("malformed");
    if (!bytes.subarray(1, headBytes).equals(keyId)) throw new SealBroken("other-key");
    const nonce = bytes.subarray(headBytes, headBytes + nonceBytes);
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(additionalData(context));
    decipher.setAuthTag(bytes.subarray(headBytes + nonceBytes, contentStart));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(contentStart)), decipher.final()]);
    } catch {
      throw new SealBroken("changed");
    }
  };

  return {
    keyId: keyId.toString("hex"),
    sealBytes,
    sealPieces,
    openBytes,
    mac: (text) => createHmac("sha256", macKey).update(text).digest("hex"),
    seal: (plain, context) =>
      textPrefix + sealBytes(Buffer.from(plain, "utf8"), context).toString("base64url"),
    open: (sealed, context) => {
      if (!isSealed(sealed)) throw new SealBroken("malformed");
      return openBytes(Buffer.from(sealed.slice(textPrefix.length), "base64url"), context).toString("utf8");
    },
  };
}
