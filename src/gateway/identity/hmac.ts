// Proves a consumer by the signature of its request. The head is proven before the body is read; the body's digest, and
// the signature of a form, when it was read. The same work is done for an access key that nobody has.
import { createHash, createHmac, timingSafeEqual, type Hash } from "node:crypto";
import { GatewayError } from "../../core/errors.ts";
import type { UploadReader } from "../body/upload.ts";
import type { ClientCall } from "../listener/listener.ts";
import type { RequestHead } from "../request-head.ts";
import type { Credentials, KnownHmac } from "./credentials.ts";
import { readSignature, signedText, type Signature } from "./signed-text.ts";

/** Between `Date` and the clock here, either way. */
const windowMs = 15 * 60_000;
const maxBodyBytes = 32 * 1024 * 1024;
/** A form is a part of the text that is signed, so it must be held. */
const maxFormBytes = 1024 * 1024;
/** Secrets that are compared for every request: the newest and one that was rotated. */
const compared = 2;
const nobodysSecret = "of nobody";
const withBody = new Set(["POST", "PUT", "PATCH"]);

export interface SignedRequest {
  readonly call: ClientCall;
  readonly head: RequestHead;
}

/** A credential whose signature holds as far as the head tells; `body` is what is still to be proven. */
export interface ProvenHead {
  readonly known: KnownHmac;
  readonly body: SignedBody | null;
}

/**
 * @param dateMs the time that `Date` is held against, ms since 1970
 * @returns why nothing is proven as a text, for whoever configures the gateway
 */
export function proveSignature(
  { call, head }: SignedRequest,
  credentials: Credentials,
  times: { readonly wallMs: number; readonly dateMs: number },
): ProvenHead | string {
  const signature = readSignature(call);
  if (signature === undefined) {
    return "the signature is incomplete: it takes x-ca-key, x-ca-signature (HMAC-SHA256 in base64) and Date, each once";
  }
  const known = credentials.hmac(signature.accessKey);
  const secrets = (known?.secrets ?? [])
    .filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > times.wallMs)
    .map(({ value }) => value);
  const hasBody = withBody.has(call.method);
  const body = new SignedBody({ call, head }, signature, secrets);
  const isForm = signature.isForm && hasBody;
  const signed = isForm || body.isSignedBy("");
  if (known === undefined) return "the access key is that of no enabled consumer";
  if (secrets.length === 0)
    return `credential "${known.credential}" of consumer "${known.consumer}" has ended`;
  if (Math.abs(times.dateMs - signature.dateMs) > windowMs) return "Date is more than 15 minutes off";
  if (!signed) return "the signature is wrong";
  if (hasBody) return { known, body: isForm || signature.contentMd5 !== "" ? body : null };
  return body.digestHolds() ? { known, body: null } : "Content-MD5 is not that of an empty body";
}

/** What of a signature only the body can prove. */
export class SignedBody {
  readonly #request: SignedRequest;
  readonly #signature: Signature;
  readonly #secrets: readonly string[];
  readonly #digest: Hash | null;
  #form: Buffer[] = [];
  #bytes = 0;

  constructor(request: SignedRequest, signature: Signature, secrets: readonly string[]) {
    this.#request = request;
    this.#signature = signature;
    this.#secrets = secrets;
    this.#digest = signature.contentMd5 === "" ? null : createHash("md5");
  }

  /** @throws GatewayError body_too_large */
  push(bytes: Buffer): void {
    this.#bytes += bytes.length;
    const { isForm } = this.#signature;
    if (this.#bytes > (isForm ? maxFormBytes : maxBodyBytes)) {
      const message = "A signed body may have 32 MiB, a signed form 1 MiB.";
      throw new GatewayError("body_too_large", { message });
    }
    this.#digest?.update(bytes);
    if (isForm) this.#form.push(bytes);
  }

  /** Reads a large body on the side. Nothing of it may be sent before all of it is proven. */
  watched(reader: UploadReader): UploadReader {
    let finished = false;
    return {
      push: (bytes) => {
        this.push(bytes);
        reader.push(bytes);
      },
      finish: () => {
        reader.finish();
        finished = true;
      },
      get settled() {
        return finished;
      },
    };
  }

  /** To be asked once, when the whole body was pushed. @throws GatewayError invalid_credentials */
  requireProven(): void {
    const form = this.#signature.isForm ? Buffer.concat(this.#form).toString("utf8") : "";
    const signed = !this.#signature.isForm || this.isSignedBy(form);
    if (!this.digestHolds() || !signed) throw new GatewayError("invalid_credentials");
  }

  /** Whether the digest is that of what was pushed. */
  digestHolds(): boolean {
    if (this.#digest === null) return true;
    const given = Buffer.from(this.#signature.contentMd5, "base64");
    const real = this.#digest.digest();
    return given.length === real.length && timingSafeEqual(given, real);
  }

  isSignedBy(form: string): boolean {
    const text = signedText(this.#request.call, this.#request.head, form);
    let holds = false;
    for (let index = 0; index < compared; index += 1) {
      const secret = this.#secrets[index];
      const usable = secret !== undefined && secret !== "";
      const expected = createHmac("sha256", usable ? secret : nobodysSecret)
        .update(text)
        .digest();
      if (timingSafeEqual(expected, this.#signature.value) && usable) holds = true;
    }
    return holds;
  }
}
