// Which Model APIs a consumer or group may call, and the grants after one is given, changed or taken. Pure.
import type { ModelApi } from "../../api/resources.ts";
import type { Grant, Owner } from "./owner.ts";

export type GrantTerms = Pick<Grant, "expiresAt" | "models">;

export interface GrantView {
  /** By its own name, which can be taken back here; or by a group that it belongs to. */
  readonly by: "own" | "group";
  readonly group: string;
  readonly expiresAt: string | undefined;
  /** Names and patterns; undefined: all. */
  readonly models: readonly string[] | undefined;
}

type Granting = Pick<ModelApi, "auth">;
type Caller = Pick<Owner, "kind" | "name" | "groups">;

function isOwn(grant: Grant, { kind, name }: Caller): boolean {
  if (kind === "consumer") return "consumer" in grant && grant.consumer === name;
  return "consumerGroup" in grant && grant.consumerGroup === name;
}

/** Every way in which an API grants access: by the own name first. */
export function grantsOf({ auth }: Granting, caller: Caller): readonly GrantView[] {
  const own: GrantView[] = [];
  const byGroup: GrantView[] = [];
  for (const grant of auth.grants) {
    const { expiresAt, models } = grant;
    if (isOwn(grant, caller)) own.push({ by: "own", group: "", expiresAt, models });
    else if ("consumerGroup" in grant && caller.groups.includes(grant.consumerGroup))
      byGroup.push({ by: "group", group: grant.consumerGroup, expiresAt, models });
  }
  return [...own, ...byGroup];
}

/** The first of them; undefined when there is none. */
export function grantOf(api: Granting, caller: Caller): GrantView | undefined {
  return grantsOf(api, caller)[0];
}

/** The API's grants with these terms for the caller's own name, in the place of its old one; null takes it away. */
export function grantsWith(
  { auth }: Granting,
  caller: Pick<Caller, "kind" | "name">,
  terms: GrantTerms | null,
): readonly Grant[] {
  const own = { ...caller, groups: [] };
  const at = auth.grants.findIndex((grant) => isOwn(grant, own));
  const others = auth.grants.filter((grant) => !isOwn(grant, own));
  if (terms === null) return others;
  const { kind, name } = caller;
  const grant: Grant = kind === "consumer" ? { consumer: name, ...terms } : { consumerGroup: name, ...terms };
  return at < 0 ? [...others, grant] : others.toSpliced(at, 0, grant);
}

/** Names of the APIs that grant access. */
export function grantedApis(
  apis: readonly (Granting & { readonly name: string })[],
  caller: Caller,
): readonly string[] {
  return apis.filter((api) => grantOf(api, caller) !== undefined).map(({ name }) => name);
}

/** Model names and patterns as they are typed: apart by commas, spaces or lines; none: all. */
export function typedModels(text: string): readonly string[] | undefined {
  const names = [...new Set(text.split(/[\s,，]+/u).filter((name) => name !== ""))];
  return names.length === 0 ? undefined : names;
}
