// Has the content of a request checked before it is sent anywhere: refuses it, or masks in it what was found.
import { GatewayError } from "../../core/errors.ts";
import { boundaryOf } from "../../protocols/multipart-header.ts";
import { MultipartScanner } from "../../protocols/multipart.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { headerOf } from "../raw-headers.ts";
import { BodyTexts, type BodyForm } from "./body-texts.ts";
import { Judge } from "./judge.ts";
import type { ModerationPolicy } from "./policy.ts";
import { looksLikeText } from "./text-bytes.ts";

/**
 * Call it only where the policy checks requests.
 * @throws GatewayError content_blocked
 */
export async function moderateRequest(
  exchange: Exchange,
  { api, operation, relativePath }: Matched,
  policy: ModerationPolicy,
): Promise<void> {
  const { consumer, requestId, call, body } = exchange;
  const judge = new Judge(
    policy,
    { direction: "request", api: api.config.name, consumer, requestId },
    exchange,
  );
  let interrupted: GatewayError | null = null;
  call.onGone = () => judge.abort();
  exchange.interrupt = (error) => {
    interrupted = error;
    judge.abort();
  };
  try {
    const texts = new BodyTexts(judge, false);
    for (const value of addressTexts(relativePath, exchange.head?.query ?? "")) texts.addFixed(value);
    if (body !== null && body.upload !== null) judge.unreadable("too-large");
    const bytes = body?.bytes ?? nothing;
    const form = bytes.length === 0 ? undefined : bodyFormOf(exchange);
    if (form !== undefined && hasOtherCoding(exchange)) judge.unreadable("unknown-coding", true);
    const masked = form === undefined ? await texts.finish(bytes) : await texts.judge(bytes, form);
    if (judge.blocked) throw blockedError(judge);
    // What was judged in part only goes nowhere.
    if (judge.aborted) throw interrupted ?? blockedError(judge);
    if (masked === bytes) return;
    exchange.replaceBody(masked, operation.answer);
    if (form?.kind === "form") rescan(exchange, masked, form.boundary);
  } finally {
    call.onGone = null;
    exchange.interrupt = null;
  }
}

const nothing = Buffer.alloc(0);

/** Undefined for what holds no content that can be checked. */
function bodyFormOf({ body, head }: Exchange): BodyForm | undefined {
  if (body === null) return undefined;
  if (body.parsed !== null) return { kind: "json" };
  const contentType = headerOf(head?.forward ?? [], "content-type") ?? "";
  if (/^\s*multipart\/form-data\b/i.test(contentType)) {
    return { kind: "form", boundary: boundaryOf(contentType) };
  }
  return bodyFormFor(body.bytes, contentType);
}

/** What bytes are by their media type, and where that says little by what they look like. */
export function bodyFormFor(bytes: Buffer, contentType: string): BodyForm {
  const mediaType = contentType.split(";")[0]?.trim() ?? "";
  return looksLikeText(bytes, mediaType) ? { kind: "text" } : { kind: "binary", mediaType };
}

/** Where the model stands in a form is found anew, for whoever puts another there. */
function rescan(exchange: Exchange, bytes: Buffer, boundary: string): void {
  const { body } = exchange;
  if (body === null || body.form === null) return;
  const form = new MultipartScanner(boundary);
  form.push(bytes);
  form.finish();
  exchange.body = { ...body, form };
}

/** What is compressed, or in other characters than are looked for, says to a service what it does not say here. */
function hasOtherCoding({ body, head }: Exchange): boolean {
  if (head === null || body === null) return false;
  if (!/^(?:identity)?$/i.test(head.contentEncoding)) return true;
  const contentType = headerOf(head.forward, "content-type") ?? "";
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(contentType)?.[1] ?? "utf-8";
  return !knownCharset.test(charset);
}

const knownCharset = /^(?:utf-?8|us-ascii|ascii|iso-?8859-1|latin-?1|windows-1252)$/i;

/** What an address says that is more than one word: segments of the path, names and values of the query. */
function addressTexts(path: string, query: string): string[] {
  const texts: string[] = [];
  if (path.includes("%")) texts.push(...path.split("/").map(decoded));
  if (/[%+]/.test(query)) texts.push(...[...new URLSearchParams(query)].flat());
  return texts.filter((text) => !/^[\w.:/-]*$/.test(text));
}

/** As it stands where it is badly written. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** What a client gets for content that is refused. */
export function blockedError({ failed }: Pick<Judge, "failed">): GatewayError {
  if (!failed) return new GatewayError("content_blocked");
  return new GatewayError("content_blocked", {
    message:
      "The content could not be checked, and this Model API lets nothing pass unchecked. Try again later.",
    retryAfterSeconds: 1,
  });
}
