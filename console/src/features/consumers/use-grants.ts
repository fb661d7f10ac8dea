// Giving and taking grants at several Model APIs in one go. Each change names the revision that it was made of.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiError, call } from "../../api/client.ts";
import type { ModelApi } from "../../api/resources.ts";
import { grantsWith, type GrantTerms } from "./grants.ts";
import type { Owner } from "./owner.ts";

interface GrantChange {
  readonly apis: readonly ModelApi[];
  /** Null takes the grants away. */
  readonly terms: GrantTerms | null;
}

export interface GrantOutcome {
  /** As they are stored now. */
  readonly changed: readonly ModelApi[];
  readonly failed: readonly { readonly api: string; readonly error: unknown }[];
}

/** A failure at one Model API leaves the others changed, and is told. */
export function useGrants(owner: Pick<Owner, "kind" | "name">) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ apis, terms }: GrantChange): Promise<GrantOutcome> => {
      const changed: ModelApi[] = [];
      const failed: { api: string; error: unknown }[] = [];
      for (const api of apis) {
        try {
          changed.push(await setGrant(api, owner, terms));
        } catch (error) {
          failed.push({ api: api.name, error });
        }
      }
      return { changed, failed };
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["model-apis"] }),
  });
}

/** Somebody may have changed the Model API meanwhile: the grant goes into what is stored then, once. */
async function setGrant(
  api: ModelApi,
  owner: Pick<Owner, "kind" | "name">,
  terms: GrantTerms | null,
): Promise<ModelApi> {
  const path = `/model-apis/${encodeURIComponent(api.name)}`;
  const patch = (latest: ModelApi): Promise<ModelApi> =>
    call<ModelApi>("PATCH", path, {
      body: { auth: { grants: grantsWith(latest, owner, terms) } },
      ifMatch: latest.revision,
    });
  try {
    return await patch(api);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 412) throw error;
    return await patch(await call<ModelApi>("GET", path));
  }
}
