// Reads `data:` URLs with base64 (RFC 2397). Must not know what they hold.
import type { Media } from "../translation.ts";

/** Undefined for any other URL. Parameters after the type (`;charset=utf-8`) have no place in other protocols. */
export function readDataUrl(url: string): Media | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(",");
  if (comma === -1) return undefined;
  const [type = "", ...parameters] = url.slice("data:".length, comma).split(";");
  if (parameters.at(-1)?.trim().toLowerCase() !== "base64") return undefined;
  return { type: type.trim().toLowerCase() || "text/plain", base64: url.slice(comma + 1) };
}

export function dataUrl({ type, base64 }: Media): string {
  return `data:${type};base64,${base64}`;
}
