// Which resources a resource names: one walk that reference checks and refused deletions share.
import type { Kind } from "./kinds.ts";
import type { ModelApi } from "./model-api.ts";
import { targetsOf } from "./model-service.ts";
import type { AnyParsedResource } from "./resource-set.ts";

/** A field that names another resource. */
export interface Reference {
  readonly kind: Kind;
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/** Every resource that this one names, built-in ones too. */
export function* referencesOf(resource: AnyParsedResource): Generator<Reference> {
  switch (resource.kind) {
    case "services":
      yield { kind: "resource-groups", name: resource.value.resourceGroup, path: ["resourceGroup"] };
      return;
    case "model-apis":
      yield* modelApiReferences(resource.value);
      return;
    case "consumers":
      yield { kind: "resource-groups", name: resource.value.resourceGroup, path: ["resourceGroup"] };
      for (const [index, name] of resource.value.groups.entries()) {
        yield { kind: "consumer-groups", name, path: ["groups", index] };
      }
      return;
    case "users":
      for (const [index, role] of resource.value.roles.entries()) {
        yield* groupReferences(role.resourceGroups, ["roles", index, "resourceGroups"]);
      }
      return;
    case "instances":
      for (const [at, provider] of resource.value.signIn.oidc.entries()) {
        for (const [index, role] of provider.roles.entries())
          yield* groupReferences(role.resourceGroups, [
            "signIn",
            "oidc",
            at,
            "roles",
            index,
            "resourceGroups",
          ]);
      }
      return;
    case "tokens":
      yield* groupReferences(resource.value.resourceGroups, ["resourceGroups"]);
      return;
    case "alerts": {
      const { api, service } = resource.value.filter;
      if (isName(api)) yield { kind: "model-apis", name: api, path: ["filter", "api"] };
      if (isName(service)) yield { kind: "services", name: service, path: ["filter", "service"] };
      return;
    }
    default:
  }
}

/** A pattern names nothing. */
function isName(value: string | undefined): value is string {
  return value !== undefined && !/[*?]/u.test(value);
}

function* groupReferences(
  names: readonly string[] | undefined,
  path: readonly (string | number)[],
): Generator<Reference> {
  for (const [index, name] of (names ?? []).entries())
    yield { kind: "resource-groups", name, path: [...path, index] };
}

function* routingReferences({
  classifier,
  learning,
}: Extract<ModelApi["modelService"], { mode: "intelligent" }>): Generator<Reference> {
  if (classifier !== undefined && "service" in classifier)
    yield { kind: "services", name: classifier.service, path: ["modelService", "classifier", "service"] };
  if (learning.judge !== undefined)
    yield {
      kind: "services",
      name: learning.judge.service,
      path: ["modelService", "learning", "judge", "service"],
    };
}

function* modelApiReferences(api: ModelApi): Generator<Reference> {
  yield { kind: "resource-groups", name: api.resourceGroup, path: ["resourceGroup"] };
  for (const [index, name] of api.domains.entries())
    yield { kind: "domains", name, path: ["domains", index] };
  for (const { target, path } of targetsOf(api.modelService)) {
    yield { kind: "services", name: target.service, path: ["modelService", ...path, "service"] };
  }
  if (api.modelService.mode === "intelligent") yield* routingReferences(api.modelService);
  for (const [index, target] of api.fallback.targets.entries()) {
    yield { kind: "services", name: target.service, path: ["fallback", "targets", index, "service"] };
  }
  for (const [index, check] of api.moderation.checks.entries()) {
    if ("service" in check) {
      yield { kind: "services", name: check.service, path: ["moderation", "checks", index, "service"] };
    }
  }
  if (api.cache.semantic !== undefined)
    yield { kind: "services", name: api.cache.semantic.service, path: ["cache", "semantic", "service"] };
  for (const [index, grant] of api.auth.grants.entries()) {
    if ("consumer" in grant)
      yield { kind: "consumers", name: grant.consumer, path: ["auth", "grants", index, "consumer"] };
    else
      yield {
        kind: "consumer-groups",
        name: grant.consumerGroup,
        path: ["auth", "grants", index, "consumerGroup"],
      };
  }
}
