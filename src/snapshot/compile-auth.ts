// Who may call a Model API and how callers prove who they are -> what the data plane asks. Knows no consumer.
import type { ModelApi } from "../resources/model-api.ts";
import { endMs } from "./compile-credentials.ts";
import type { SnapshotAuth, SnapshotGrant } from "./snapshot.ts";

type Grant = ModelApi["auth"]["grants"][number];

/** Null while authentication is off. */
export function compileAuth({ auth }: Pick<ModelApi, "auth">): SnapshotAuth | null {
  if (!auth.enabled) return null;
  const refused = (["jwt", "hmac"] as const).filter((method) => !auth.methods.includes(method));
  const groupGrants = auth.grants.flatMap((grant) =>
    "consumerGroup" in grant ? [{ group: grant.consumerGroup, ...compileGrant(grant) }] : [],
  );
  return {
    apiKeySources: auth.methods.includes("api-key") ? auth.apiKeySources : [],
    ...(refused.length === 0 ? {} : { refused }),
    grants: auth.grants.flatMap((grant) =>
      "consumer" in grant ? [{ consumer: grant.consumer, ...compileGrant(grant) }] : [],
    ),
    ...(groupGrants.length === 0 ? {} : { groupGrants }),
  };
}

function compileGrant({ expiresAt, models }: Grant): SnapshotGrant {
  return { expiresAtMs: endMs(expiresAt), ...(models === undefined ? {} : { models }) };
}
