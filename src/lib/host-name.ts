// One spelling for host names: lower-case A-labels without trailing dot (RFC 5890). Knows no resource and no request.
import { isIPv4 } from "node:net";
import { domainToASCII } from "node:url";

export type HostNameResult =
  | { readonly ok: true; readonly host: string }
  | { readonly ok: false; readonly problem: string };

const foreignCharacter = /[\s%:/?#@\\[\]<>^|"`{}]/u;
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/u;

/**
 * Normalises a host name, a wildcard `*.example.com`, or `*` (any host).
 * @returns the one spelling under which it is stored and compared, or what is wrong with it
 */
export function normaliseHostName(text: string): HostNameResult {
  if (text === "*") return { ok: true, host: "*" };
  if (text.includes("://")) return refuse("must be a host name without scheme, such as api.example.com");
  if (/:\d+$/u.test(text)) return refuse("must be a host name without port");
  if (foreignCharacter.test(text)) return refuse("holds a character that no host name has");
  const wildcard = text.startsWith("*.");
  const rest = wildcard ? text.slice(2) : text;
  if (rest.includes("*"))
    return refuse('may have a wildcard only as its whole first label, as in "*.example.com"');
  const ascii = domainToASCII(rest).replace(/\.$/u, "");
  if (ascii === "") return refuse("is not a valid host name");
  // The URL rules read "1.2" as an address; only the full dotted form is meant here.
  if (isIPv4(ascii))
    return wildcard || ascii !== rest ? refuse("is not a valid host name") : { ok: true, host: ascii };
  if (ascii.length > 253 - (wildcard ? 2 : 0)) return refuse("is longer than 253 characters");
  if (!ascii.split(".").every((part) => label.test(part))) {
    return refuse(
      "must have labels of 1 to 63 letters, digits and hyphens, not starting or ending with a hyphen",
    );
  }
  return { ok: true, host: wildcard ? `*.${ascii}` : ascii };
}

function refuse(problem: string): HostNameResult {
  return { ok: false, problem };
}
