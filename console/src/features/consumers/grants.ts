// Which Model APIs a consumer may call, and the grants after one is given or taken. Pure.
import type { ModelApi } from "../../api/resources.ts";

export type Grant = ModelApi["auth"]["grants"][number];

export interface GrantView {
  /** By its own name, which can be taken back here; or by a group that it belongs to. */
  readonly by: "consumer" | "group";
  readonly group: string;
  readonly expiresAt: string | undefined;
}

type Granting = Pick<ModelApi, "auth">;
type Caller = { readonly name: string; readonly groups: readonly string[] };

/** How an API grants a consumer access; undefined when it does not. A grant by name comes first. */
export function grantOf({ auth }: Granting, { name, groups }: Caller): GrantView | undefined {
  const own = auth.grants.find((grant) => "consumer" in grant && grant.consumer === name);
  if (own !== undefined) return { by: "consumer", group: "", expiresAt: own.expiresAt };
  for (const grant of auth.grants) {
    if ("consumerGroup" in grant && groups.includes(grant.consumerGroup)) {
      return { by: "group", group: grant.consumerGroup, expiresAt: grant.expiresAt };
    }
  }
  return undefined;
}

/** The API's grants with or without one for this consumer; others stay as they are. */
export function grantsWith({ auth }: Granting, consumer: string, isGranted: boolean): readonly Grant[] {
  const others = auth.grants.filter((grant) => !("consumer" in grant && grant.consumer === consumer));
  return isGranted ? [...others, { consumer }] : others;
}

/** Names of the APIs that grant a consumer access. */
export function grantedApis(
  apis: readonly (Granting & { readonly name: string })[],
  consumer: Caller,
): readonly string[] {
  return apis.filter((api) => grantOf(api, consumer) !== undefined).map(({ name }) => name);
}
