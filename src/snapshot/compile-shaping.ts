// What a Model API changes on the way, and whom it lets in -> what the data plane does. What changes nothing is left out.
import type { ModelApi } from "../resources/model-api.ts";
import { parameterNames } from "../resources/shaping.ts";
import type { SnapshotApi, SnapshotBodyEdits, SnapshotHeaderEdits, SnapshotShaping } from "./snapshot.ts";

export function compileIpAccess({ ipAccess }: ModelApi): Pick<SnapshotApi, "ipAccess"> {
  const { allow, deny } = ipAccess;
  return allow.length === 0 && deny.length === 0 ? {} : { ipAccess: { allow, deny } };
}

export function compileShaping({ prompt, parameters, transform }: ModelApi): Pick<SnapshotApi, "shaping"> {
  const { systemPrefix: prefix, systemSuffix: suffix } = prompt;
  const limits = compileParameters(parameters);
  const requestHeaders = headerEdits(transform.requestHeaders);
  const requestBody = bodyEdits(transform.requestBody);
  const responseHeaders = headerEdits(transform.responseHeaders);
  const shaping: SnapshotShaping = {
    ...(prefix === "" && suffix === "" ? {} : { prompt: { prefix, suffix } }),
    ...(limits.length === 0 ? {} : { parameters: limits }),
    ...(requestHeaders === undefined ? {} : { requestHeaders }),
    ...(requestBody === undefined ? {} : { requestBody }),
    ...(responseHeaders === undefined ? {} : { responseHeaders }),
  };
  return Object.keys(shaping).length === 0 ? {} : { shaping };
}

function compileParameters(parameters: ModelApi["parameters"]): NonNullable<SnapshotShaping["parameters"]> {
  return parameterNames.flatMap((name) => {
    const { default: usual, maximum } = parameters[name] ?? {};
    if (usual === undefined && maximum === undefined) return [];
    return [
      {
        name,
        ...(usual === undefined ? {} : { default: usual }),
        ...(maximum === undefined ? {} : { maximum }),
      },
    ];
  });
}

function headerEdits({
  remove,
  rename,
  set,
}: ModelApi["transform"]["requestHeaders"]): SnapshotHeaderEdits | undefined {
  const edits = {
    remove: remove.map((name) => name.toLowerCase()),
    rename: Object.entries(rename).map(([from, to]) => [from.toLowerCase(), to] as const),
    set: Object.entries(set),
  };
  return edits.remove.length + edits.rename.length + edits.set.length === 0 ? undefined : edits;
}

function bodyEdits({
  remove,
  rename,
  set,
}: ModelApi["transform"]["requestBody"]): SnapshotBodyEdits | undefined {
  const edits = {
    remove: remove.map((path) => path.split(".")),
    rename: Object.entries(rename).map(([path, name]) => [path.split("."), name] as const),
    set: Object.entries(set).map(([path, value]) => [path.split("."), JSON.stringify(value)] as const),
  };
  return edits.remove.length + edits.rename.length + edits.set.length === 0 ? undefined : edits;
}
