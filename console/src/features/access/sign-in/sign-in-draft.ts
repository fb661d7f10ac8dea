// The settings of signing in while they are edited: from what is stored to fields, and back to a change. Pure.
import { mayGrant, type HeldRole } from "../../../../../src/resources/held-role.ts";
import type { OidcProvider, SignInSettings } from "../../../../../src/resources/sign-in.ts";
import { isObjectName } from "../../../api/object-name.ts";

export interface MappingRow extends HeldRole {
  readonly value: string;
}

export interface ProviderDraft {
  /** For lists; not stored. */
  readonly key: number;
  readonly isNew: boolean;
  readonly name: string;
  readonly label: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Typed; empty leaves what is stored. */
  readonly secret: string;
  readonly secretState: "none" | "set" | "cleared";
  readonly scopes: string;
  readonly usernameClaim: OidcProvider["usernameClaim"];
  readonly roleClaim: string;
  readonly mapping: readonly MappingRow[];
  readonly defaultRole: OidcProvider["defaultRole"] | null;
}

export interface SignInDraft {
  readonly password: boolean;
  readonly publicUrl: string;
  readonly providers: readonly ProviderDraft[];
}

export const usernameClaims = ["preferred_username", "email", "sub"] as const;

export function draftOf({ password, publicUrl, oidc }: SignInSettings): SignInDraft {
  return {
    password,
    publicUrl: publicUrl ?? "",
    providers: oidc.map((provider, key) => ({
      key,
      isNew: false,
      name: provider.name,
      label: provider.label ?? "",
      issuer: provider.issuer,
      clientId: provider.clientId,
      secret: "",
      secretState: provider.clientSecret === undefined ? "none" : "set",
      scopes: provider.scopes.join(" "),
      usernameClaim: provider.usernameClaim,
      roleClaim: provider.roleClaim,
      mapping: provider.roles.map(({ value, role, resourceGroups }) => ({
        value,
        role,
        resourceGroups: resourceGroups ?? null,
      })),
      defaultRole: provider.defaultRole ?? null,
    })),
  };
}

export function newProvider(key: number): ProviderDraft {
  return {
    key,
    isNew: true,
    name: "",
    label: "",
    issuer: "",
    clientId: "",
    secret: "",
    secretState: "none",
    scopes: "openid profile email",
    usernameClaim: "preferred_username",
    roleClaim: "roles",
    mapping: [],
    defaultRole: null,
  };
}

/** The `signIn` of a PATCH: what is left out of a provider is as by default, secrets stay unless they are cleared. */
export function bodyOf({ password, publicUrl, providers }: SignInDraft): object {
  return {
    password,
    publicUrl: publicUrl.trim() === "" ? null : publicUrl.trim(),
    oidc: providers.map((provider) => ({
      name: provider.name,
      ...(provider.label.trim() === "" ? {} : { label: provider.label.trim() }),
      issuer: provider.issuer.trim(),
      clientId: provider.clientId.trim(),
      ...secretOf(provider),
      scopes: provider.scopes.split(/\s+/u).filter((scope) => scope !== ""),
      usernameClaim: provider.usernameClaim,
      roleClaim: provider.roleClaim.trim(),
      roles: provider.mapping.map(({ value, role, resourceGroups }) => ({
        value: value.trim(),
        role,
        ...(resourceGroups === null ? {} : { resourceGroups }),
      })),
      ...(provider.defaultRole === null ? {} : { defaultRole: provider.defaultRole }),
    })),
  };
}

function secretOf({ secret, secretState }: ProviderDraft): object {
  if (secret !== "") return { clientSecret: secret };
  return secretState === "cleared" ? { clientSecret: null } : {};
}

export type DraftFault = "missing" | "badName" | "twice" | "badUrl" | "groupsMissing";

/** Field -> what is wrong with it; `oidc[0].issuer`, as the gateway names it. */
export function faultsOf({ publicUrl, providers }: SignInDraft): ReadonlyMap<string, DraftFault> {
  const faults = new Map<string, DraftFault>();
  const isUrl = (text: string): boolean => /^https?:$/u.test(URL.parse(text.trim())?.protocol ?? "");
  if (publicUrl.trim() === "" && providers.length > 0) faults.set("publicUrl", "missing");
  else if (publicUrl.trim() !== "" && !isUrl(publicUrl)) faults.set("publicUrl", "badUrl");
  for (const [index, provider] of providers.entries()) {
    const at = (field: string, fault: DraftFault): unknown => faults.set(`oidc[${index}].${field}`, fault);
    const { name, issuer, clientId, roleClaim, mapping } = provider;
    if (!isObjectName(name)) at("name", name === "" ? "missing" : "badName");
    else if (providers.some((other, place) => place !== index && other.name === name)) at("name", "twice");
    if (!isUrl(issuer)) at("issuer", issuer.trim() === "" ? "missing" : "badUrl");
    if (clientId.trim() === "") at("clientId", "missing");
    if (roleClaim.trim() === "") at("roleClaim", "missing");
    for (const [row, { value, resourceGroups }] of mapping.entries()) {
      if (value.trim() === "") at(`roles[${row}].value`, "missing");
      if (resourceGroups?.length === 0) at(`roles[${row}].resourceGroups`, "groupsMissing");
    }
  }
  return faults;
}

/** Whether somebody may give all roles that the settings give: nobody else changes them. */
export function mayGiveAll(own: readonly HeldRole[], { oidc }: SignInSettings): boolean {
  return oidc.every(
    ({ roles, defaultRole }) =>
      roles.every(({ role, resourceGroups }) =>
        mayGrant(own, { role, resourceGroups: resourceGroups ?? null }),
      ) &&
      (defaultRole === undefined || mayGrant(own, { role: defaultRole, resourceGroups: null })),
  );
}

/** Where a provider sends people back to; empty while something is missing. */
export function redirectUri(publicUrl: string, name: string): string {
  const origin = URL.parse(publicUrl.trim())?.origin;
  if (origin === undefined || origin === "null" || !isObjectName(name)) return "";
  return `${origin}/api/v1/session/oidc/${name}/callback`;
}

/** Whether somebody could come in as owner by a provider. */
export function makesOwners({ providers }: SignInDraft): boolean {
  return providers.some(
    ({ mapping, defaultRole }) =>
      defaultRole === "owner" ||
      mapping.some(({ role, resourceGroups }) => role === "owner" && resourceGroups === null),
  );
}
