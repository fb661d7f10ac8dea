// The console as a browser gets it: pages with a strict policy and a nonce of their own, files with validators and in the
// encoding that was asked for. Knows no route of the admin API and no page's content.
import { jsonAnswer } from "./answer.ts";
import type { ConsoleFile, ConsoleFiles, Encoding } from "./console-files.ts";
import type { RandomBytes } from "./generated-key.ts";

/** Answers what belongs to the console; undefined: not its business. */
export type ConsolePages = (request: Request) => Response | undefined;

/** Stands in `index.html` where the nonce of the answer goes. */
const noncePlaceholder = "__CSP_NONCE__";

/** Paths that never lead to a page. */
const notPages = /^\/(?:api|healthz|readyz|metrics|assets)(?:\/|$)/u;

const pageHeaders: Readonly<Record<string, string>> = {
  // Without a validator: a 304 would join the headers with a new nonce to a body with an old one.
  "cache-control": "no-cache",
  "content-type": "text/html; charset=utf-8",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy":
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
  "x-frame-options": "DENY",
};

/** Scripts, data and fonts from here alone; styles from here or with the nonce; pictures and sound also out of answers. */
function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");
}

/** @param console null when this installation has none: then only the root answers, with a pointer */
export function createConsolePages(console: ConsoleFiles | null, randomBytes: RandomBytes): ConsolePages {
  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    const { pathname } = new URL(request.url);
    if (console === null) return pathname === "/" ? pointer() : undefined;
    const file = console.files.get(pathname);
    if (file !== undefined) return fileAnswer(file, request.headers);
    if (notPages.test(pathname)) return undefined;
    const wantsPage = pathname === "/" || /\btext\/html\b/iu.test(request.headers.get("accept") ?? "");
    return wantsPage ? pageAnswer(console.index, randomBytes) : undefined;
  };
}

function pointer(): Response {
  return jsonAnswer({
    name: "Moongate",
    message:
      "This installation has no console: its files are missing. The admin API is described at openapi.",
    openapi: "/api/v1/openapi.json",
  });
}

function pageAnswer(index: string, randomBytes: RandomBytes): Response {
  const nonce = Buffer.from(randomBytes(18)).toString("base64");
  const headers = { ...pageHeaders, "content-security-policy": contentPolicy(nonce) };
  return new Response(index.replaceAll(noncePlaceholder, nonce), { headers });
}

function fileAnswer(file: ConsoleFile, asked: Headers): Response {
  const encoding = pickEncoding(asked.get("accept-encoding") ?? "", [...file.forms.keys()]);
  const form = file.forms.get(encoding);
  if (form === undefined) throw new Error(`A file of the console has no form ${encoding}.`);
  const headers = {
    "cache-control": file.immutable ? "public, max-age=31536000, immutable" : "no-cache",
    etag: form.etag,
    ...(file.forms.size > 1 ? { vary: "accept-encoding" } : {}),
  };
  if (isKnown(asked.get("if-none-match"), form.etag)) return new Response(null, { status: 304, headers });
  return new Response(form.bytes, {
    headers: {
      ...headers,
      "content-type": file.contentType,
      "content-length": String(form.bytes.byteLength),
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    },
  });
}

/** The smallest form that the client takes; brotli is smaller than gzip. */
function pickEncoding(accepted: string, available: readonly Encoding[]): Encoding {
  const qualities = new Map(
    accepted.split(",").map((item): [string, number] => {
      const [name = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return [name, quality === undefined ? 1 : Number(quality)];
    }),
  );
  const takes = (encoding: Encoding) => (qualities.get(encoding) ?? qualities.get("*") ?? 0) > 0;
  const preference: readonly Encoding[] = ["br", "gzip"];
  return preference.find((encoding) => available.includes(encoding) && takes(encoding)) ?? "identity";
}

function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  const tags = new Set(ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//u, "")));
  return tags.has("*") || tags.has(etag);
}
