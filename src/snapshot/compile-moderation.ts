// The checks of content of one Model API -> what the data plane runs. Knows no other resource and asks nobody.
import type { Moderation, ModerationCheckRow } from "../resources/moderation.ts";
import type { SnapshotCheck, SnapshotModeration } from "./snapshot-moderation.ts";

/** Undefined when nothing is to be checked. */
export function compileModeration(moderation: Moderation): SnapshotModeration | undefined {
  const { enabled, dryRun, request, response, images, onError, streamWindowCharacters } = moderation;
  if (!enabled || moderation.checks.length === 0 || !(request || response)) return undefined;
  return {
    dryRun,
    request,
    response,
    images,
    onError,
    streamWindowCharacters,
    checks: moderation.checks.map(compileCheck),
    rules: moderation.rules,
  };
}

function compileCheck(row: ModerationCheckRow): SnapshotCheck {
  const { dimension, risk, ...rest } = row;
  const common = {
    ...(dimension === undefined ? {} : { dimension }),
    ...(risk === undefined ? {} : { risk }),
  };
  switch (rest.type) {
    case "alibaba-guardrails": {
      const { accessKeySecret, endpoint, ...plain } = rest;
      return {
        ...common,
        ...plain,
        // A secret that is still sealed signs nothing that anybody would take.
        accessKeySecret: opened(accessKeySecret) ?? "",
        ...(endpoint === undefined ? {} : { endpoint }),
      };
    }
    case "webhook": {
      const { secret, ...plain } = rest;
      const key = opened(secret);
      return { ...common, ...plain, ...(key === undefined ? {} : { secret: key }) };
    }
    default:
      return { ...common, ...rest };
  }
}

function opened(secret: unknown): string | undefined {
  return typeof secret === "string" ? secret : undefined;
}
