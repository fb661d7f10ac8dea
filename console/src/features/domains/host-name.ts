// Host names as people type them: what is wrong with one, and how it will be stored. The control plane has the last word.

export type HostNameProblem =
  | "required"
  | "scheme"
  | "path"
  | "port"
  | "character"
  | "wildcard"
  | "invalid"
  | "labels"
  | "long";

export type HostNameResult =
  | { readonly ok: true; readonly host: string }
  | { readonly ok: false; readonly problem: HostNameProblem };

const foreignCharacter = /[\s%:?#@\\[\]<>^|"`{}]/u;
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/u;

/** Reads a host name, a wildcard `*.example.com`, or `*`; one in another script becomes its ASCII form. */
export function readHostName(typed: string): HostNameResult {
  const text = typed.trim();
  if (text === "") return refuse("required");
  if (text === "*") return { ok: true, host: "*" };
  if (text.includes("://")) return refuse("scheme");
  if (text.includes("/")) return refuse("path");
  if (/:\d+$/u.test(text)) return refuse("port");
  if (foreignCharacter.test(text)) return refuse("character");
  const isWildcard = text.startsWith("*.");
  const rest = isWildcard ? text.slice(2) : text;
  if (rest.includes("*")) return refuse("wildcard");
  const ascii = asciiHost(rest);
  if (ascii === undefined || (isAddress(ascii) && (isWildcard || ascii !== rest))) return refuse("invalid");
  const host = isWildcard ? `*.${ascii}` : ascii;
  if (host.length > 253) return refuse("long");
  if (!ascii.split(".").every((part) => label.test(part))) return refuse("labels");
  return { ok: true, host };
}

function asciiHost(text: string): string | undefined {
  const host = URL.parse(`http://${text}/`)?.hostname.replace(/\.$/u, "");
  return host === "" ? undefined : host;
}

/** The URL rules read "1.2" as an address; only the full dotted form is meant. */
function isAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/u.test(host);
}

function refuse(problem: HostNameProblem): HostNameResult {
  return { ok: false, problem };
}
