// Parsers of single settings: text in, value out, or a SettingError that says what is wrong and what would be right.
// Knows no variable.
import { isIP } from "node:net";
import { isNetwork } from "../lib/network-list.ts";
import { passwordProblem } from "../resources/user.ts";

/** The value is refused; the message continues the variable's name and never repeats a secret. */
export class SettingError extends Error {
  override readonly name = "SettingError";
}

/** Whole decimal numbers from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new SettingError(
      `is ${quote(text)}; it must be a whole number from ${min} to ${max}${serviceLinkHint(text)}`,
    );
  };
}

/** Kubernetes sets variables such as MOONGATE_GATEWAY_PORT itself for a Service named `moongate-gateway`. */
function serviceLinkHint(text: string): string {
  if (!text.startsWith("tcp://")) return "";
  return ". Kubernetes sets it for a Service of that name: set enableServiceLinks: false in the pod";
}

export function choice<T extends string>(allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((value) => value === text);
    if (found !== undefined) return found;
    throw new SettingError(`is ${quote(text)}; it must be ${allowed.join(" or ")}`);
  };
}

const namePattern = /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i;

/** An address or host name to listen on, without port; brackets around an IPv6 address are taken off. */
export function hostName(text: string): string {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (isIP(bare) !== 0) return bare;
  const looksLikeAddress = /^[\d.]+$/.test(bare);
  if (!looksLikeAddress && bare.length <= 253 && namePattern.test(bare)) return bare;
  throw new SettingError(
    `is ${quote(text)}; it must be an IP address or a host name, without scheme and port`,
  );
}

/** Addresses and networks with commas between them. */
export function networkNames(text: string): readonly string[] {
  const networks = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const wrong = networks.find((network) => !isNetwork(network));
  if (wrong === undefined) return networks;
  throw new SettingError(`names ${quote(wrong)}; it must be IP addresses or networks such as 10.0.0.0/8`);
}

/** Standard base64 of exactly `byteLength` bytes. */
export function base64Key(byteLength: number): (text: string) => Uint8Array {
  return (text) => {
    const bytes = Buffer.from(text, "base64");
    const canonical = bytes.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
    if (canonical && bytes.length === byteLength) return new Uint8Array(bytes);
    const found = canonical ? `has ${bytes.length} bytes` : "is not base64";
    throw new SettingError(
      `${found}; it must be ${byteLength} bytes in base64, made with: openssl rand -base64 ${byteLength}`,
    );
  };
}

/** A secret that travels in a header. */
export function headerToken(minLength: number): (text: string) => string {
  return (text) => {
    if (!/^[\x21-\x7e]+$/.test(text)) {
      throw new SettingError("has spaces or characters outside ASCII; use visible ASCII characters only");
    }
    if (text.length >= minLength) return text;
    const shape = `must have at least ${minLength} characters, made with: openssl rand -base64 36`;
    throw new SettingError(`has ${text.length} characters; it ${shape}`);
  };
}

/** A password as a user may have one. */
export function password(text: string): string {
  const problem = passwordProblem(text);
  if (problem === undefined) return text;
  throw new SettingError(`is no good password; it ${problem}`);
}

/** Refuses a setting of a part that this build does not have. @throws SettingError unless unset or at its default */
export function notServed(text: string, allowed: string, remedy: string): void {
  if (text === "" || text === allowed) return;
  throw new SettingError(`is set, but this build does not serve it: remove it (${remedy})`);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
