// From the claims of a provider to a name and roles. Pure: knows no user and no provider's connection.
import { createHash } from "node:crypto";
import type { OidcProvider } from "../../resources/sign-in.ts";
import type { ResourceValue } from "../../resources/registry.ts";
import { isJsonObject } from "../merge-patch.ts";
import type { JsonObject } from "../merge-patch.ts";

type UserRoles = ResourceValue["users"]["roles"];

/** What the mapping gives for these claims; none = he is to be refused. */
export function mappedRoles(provider: OidcProvider, claims: JsonObject): UserRoles {
  const values = new Set(claimValues(claims, provider.roleClaim));
  const mapped = provider.roles.filter(({ value }) => values.has(value));
  if (mapped.length === 0) return provider.defaultRole === undefined ? [] : [{ role: provider.defaultRole }];
  const rows = mapped.map(({ role, resourceGroups }) =>
    resourceGroups === undefined ? { role } : { role, resourceGroups },
  );
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

const maxValues = 1_000;

/** The texts of a claim: one text, or a list of them. Anything else says nothing. */
function claimValues(claims: JsonObject, name: string): readonly string[] {
  const found = Object.hasOwn(claims, name) ? claims[name] : name.split(".").reduce<unknown>(member, claims);
  const list: readonly unknown[] = Array.isArray(found) ? found.slice(0, maxValues) : [found];
  return list.filter((value) => typeof value === "string");
}

function member(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

const longest = 64;
const markLength = 8;

/** Names for a new user, in the order in which they are tried: the second is nobody else's. */
export function userNames(
  provider: OidcProvider,
  {
    issuer,
    subject,
    claims,
  }: { readonly issuer: string; readonly subject: string; readonly claims: JsonObject },
): readonly [string, string] {
  const claimed = claims[provider.usernameClaim];
  const words = typeof claimed === "string" ? claimed : subject;
  const slug = words
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9_]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "");
  const mark = createHash("sha256")
    .update(JSON.stringify([issuer, subject]))
    .digest("hex")
    .slice(0, markLength);
  const plain = `${provider.name}-${slug}`;
  const marked = `${plain.slice(0, longest - markLength - 1)}-${mark}`;
  return slug === "" || plain.length > longest ? [marked, marked] : [plain, marked];
}
