// Certificates made on the spot (X.509 version 3, RFC 5280; DER, X.690), so that no test needs files that expire or a
// program that makes them. Knows no connection.
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

export interface Identity {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

export interface CertificateOptions {
  /** Common name of the subject; also its DNS name unless it is an authority. */
  readonly name: string;
  /** Whole days from today, counted from midnight UTC; may be negative. */
  readonly validFromDays: number;
  readonly validToDays: number;
}

export interface Authority extends Identity {
  /** Makes a certificate that this authority vouches for. */
  issue(options: CertificateOptions): Identity;
}

const dayMs = 86_400_000;

const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
  dnsName: 0x82,
} as const;

/** Object identifiers in their encoded form. */
const oids = {
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  commonName: [0x55, 0x04, 0x03],
  subjectAltName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
} as const;

const yes = Buffer.of(0x01, 0x01, 0xff);

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}

function oid(name: keyof typeof oids): Buffer {
  return der(tags.oid, Buffer.from(oids[name]));
}

function nameOf(text: string): Buffer {
  const attribute = der(tags.sequence, oid("commonName"), der(tags.utf8String, Buffer.from(text)));
  return der(tags.sequence, der(tags.set, attribute));
}

function midnight(days: number): Buffer {
  const date = new Date(Math.floor(Date.now() / dayMs + days) * dayMs).toISOString();
  return der(tags.generalizedTime, Buffer.from(`${date.slice(0, 10).replaceAll("-", "")}000000Z`));
}

function bits(content: Buffer): Buffer {
  return der(tags.bitString, Buffer.of(0), content);
}

function authorityMark(): Buffer {
  const value = der(tags.octetString, der(tags.sequence, yes));
  return der(tags.sequence, oid("basicConstraints"), yes, value);
}

function dnsName(name: string): Buffer {
  const names = der(tags.sequence, der(tags.dnsName, Buffer.from(name)));
  return der(tags.sequence, oid("subjectAltName"), der(tags.octetString, names));
}

interface Signer {
  readonly name: string;
  readonly key: KeyObject;
}

function makeCertificate(
  options: CertificateOptions,
  publicKey: KeyObject,
  signer: Signer,
  extension: Buffer,
): string {
  const algorithm = der(tags.sequence, oid("ecdsaWithSha256"));
  const serial = randomBytes(8);
  // Positive and in its shortest form.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const content = der(
    tags.sequence,
    der(tags.version, der(tags.integer, Buffer.of(2))),
    der(tags.integer, serial),
    algorithm,
    nameOf(signer.name),
    der(tags.sequence, midnight(options.validFromDays), midnight(options.validToDays)),
    nameOf(options.name),
    publicKey.export({ type: "spki", format: "der" }),
    der(tags.extensions, der(tags.sequence, extension)),
  );
  const certificate = der(tags.sequence, content, algorithm, bits(sign("sha256", content, signer.key)));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function keyPair(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" });
}

function pem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A new authority, good for a day around now. */
export function createAuthority(name: string): Authority {
  const { publicKey, privateKey } = keyPair();
  const signer = { name, key: privateKey };
  const options = { name, validFromDays: -400, validToDays: 2 };
  return {
    cert: makeCertificate(options, publicKey, signer, authorityMark()),
    key: pem(privateKey),
    issue: (leaf) => {
      const own = keyPair();
      const cert = makeCertificate(leaf, own.publicKey, signer, dnsName(leaf.name));
      return { cert, key: pem(own.privateKey) };
    },
  };
}

/** A certificate that nobody but itself vouches for. */
export function selfSigned(options: CertificateOptions): Identity {
  const { publicKey, privateKey } = keyPair();
  const signer = { name: options.name, key: privateKey };
  return { cert: makeCertificate(options, publicKey, signer, dnsName(options.name)), key: pem(privateKey) };
}
