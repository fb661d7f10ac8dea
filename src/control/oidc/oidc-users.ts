// The user behind an identity of a provider: found by issuer and subject alone, made at the first sign-in, given the roles
// of the mapping at each. An administrator can disable him like any other. Knows no HTTP.
import { isDeepStrictEqual } from "node:util";
import type { OidcProvider } from "../../resources/sign-in.ts";
import type { ResourceValue } from "../../resources/registry.ts";
import { refuseAudit } from "../audit/audit-scope.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { createObject, patchObject } from "../objects.ts";
import type { OidcProof } from "./oidc-client.ts";
import { mappedRoles, userNames } from "./oidc-identity.ts";

/** Why somebody whom the provider knows does not come in. */
export type OidcRefusal = "oidc_no_role" | "oidc_disabled";

/** @throws ControlError when the user cannot be written */
export async function userOfProof(
  configuration: Configuration,
  provider: OidcProvider,
  proof: OidcProof,
): Promise<{ readonly name: string } | { readonly refusal: OidcRefusal }> {
  const known = findUser(configuration, proof);
  if (known?.enabled === false) return { refusal: "oidc_disabled" };
  const roles = mappedRoles(provider, proof.claims);
  if (roles.length === 0) {
    const refusal = "oidc_no_role";
    // What he had is gone at the provider; so are his sessions, with his roles.
    if (known !== undefined && known.roles.length > 0) {
      refuseAudit(refusal);
      await write(configuration, provider, known.name, { roles });
    }
    return { refusal };
  }
  const oidc = { provider: provider.name, issuer: proof.issuer, subject: proof.subject };
  if (known === undefined) return { name: await makeUser(configuration, provider, proof, { oidc, roles }) };
  if (!isDeepStrictEqual(known.roles, roles) || !isDeepStrictEqual(known.oidc, oidc))
    await write(configuration, provider, known.name, { oidc, roles });
  return { name: known.name };
}

/** @throws ControlError `conflict` when two users have this identity */
function findUser(
  { working }: Configuration,
  { issuer, subject }: OidcProof,
): ResourceValue["users"] | undefined {
  const found = [...working.resources.users.values()].filter(
    ({ value: { oidc } }) => oidc !== undefined && oidc.issuer === issuer && oidc.subject === subject,
  );
  if (found.length > 1) throw new ControlError("conflict", "Two users have the identity of this provider.");
  return found[0]?.value;
}

function write(
  configuration: Configuration,
  provider: OidcProvider,
  name: string,
  patch: { readonly roles: readonly object[]; readonly oidc?: object },
) {
  return patchObject(configuration, { kind: "users", name, by: authorOf(provider) }, { ...patch });
}

async function makeUser(
  configuration: Configuration,
  provider: OidcProvider,
  proof: OidcProof,
  body: { readonly roles: readonly object[]; readonly oidc: object },
): Promise<string> {
  const request = { kind: "users", by: authorOf(provider) } as const;
  const [plain, marked] = userNames(provider, proof);
  const isTaken = configuration.working.resources.users.has(plain);
  const name = isTaken ? marked : plain;
  try {
    await createObject(configuration, request, { name, ...body });
    return name;
  } catch (error) {
    // He may have come through another window at the same time.
    const meanwhile = findUser(configuration, proof);
    if (meanwhile !== undefined && error instanceof ControlError && error.code === "conflict")
      return meanwhile.name;
    throw error;
  }
}

function authorOf(provider: OidcProvider): string {
  return `oidc:${provider.name}`;
}
