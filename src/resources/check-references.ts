// Rules that hold between resources: names exist, places are unique, keys belong to one. Pure; linear in the set.
import { didYouMean } from "../lib/edit-distance.ts";
import type { Credential } from "./consumer.ts";
import { pathText } from "./issue.ts";
import { kindTable, type Kind } from "./kinds.ts";
import { referencesOf } from "./references.ts";
import { resourcesOf, type Diagnostic, type ResourceSet } from "./resource-set.ts";
import { apiKeyHash } from "./secret.ts";

/** Resources that exist without being written down. */
export const builtInResources: readonly { readonly kind: Kind; readonly name: string }[] = [
  { kind: "domains", name: "*" },
  { kind: "resource-groups", name: "default" },
];

const labels: ReadonlyMap<Kind, string> = new Map(kindTable.map((row) => [row.kind, row.label]));

/** Nearest names are looked for only among this many, so that a broken import of 100,000 names stays quick. */
const mostCandidates = 200;
/** After this many errors the rest says nothing new. */
const mostDiagnostics = 1000;

/** Everything that is wrong between the resources of a set, at most 1,000 entries. */
export function checkReferences(set: ResourceSet): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const check of [missingNames, takenPlaces, sharedKeys, sharedIdentities]) {
    for (const diagnostic of check(set)) {
      if (found.length >= mostDiagnostics) return found;
      found.push(diagnostic);
    }
  }
  return found;
}

function* missingNames(set: ResourceSet): Generator<Diagnostic> {
  for (const resource of resourcesOf(set)) {
    for (const { kind, name, path } of referencesOf(resource)) {
      if (set[kind].has(name) || isBuiltIn(kind, name)) continue;
      const label = labels.get(kind) ?? kind;
      yield {
        severity: "error",
        kind: resource.kind,
        name: resource.name,
        path: pathText(path),
        message: `there is no ${label} "${name}"${nearest(set, kind, name)}`,
      };
    }
  }
}

function isBuiltIn(kind: Kind, name: string): boolean {
  return builtInResources.some((row) => row.kind === kind && row.name === name);
}

function nearest(set: ResourceSet, kind: Kind, name: string): string {
  return set[kind].size > mostCandidates ? "" : didYouMean(name, set[kind].keys());
}

/** Domain and base path are normalised by the schema; disabled APIs keep their place. */
function* takenPlaces(set: ResourceSet): Generator<Diagnostic> {
  const owners = new Map<string, string>();
  for (const { name, value } of set["model-apis"].values()) {
    for (const domain of value.domains) {
      const place = `${domain}${value.basePath}`;
      const owner = owners.get(place);
      if (owner === undefined) {
        owners.set(place, name);
        continue;
      }
      yield {
        severity: "error",
        kind: "model-apis",
        name,
        path: "basePath",
        message: `domain "${domain}" with base path "${value.basePath}" belongs to Model API "${owner}"`,
        other: { kind: "model-apis", name: owner },
      };
    }
  }
}

/** One key must prove one consumer; disabled consumers keep theirs. */
function* sharedKeys(set: ResourceSet): Generator<Diagnostic> {
  const owners = new Map<string, string>();
  for (const { name, value } of set.consumers.values()) {
    for (const [index, credential] of value.credentials.entries()) {
      for (const { proof, field, label } of proofsOf(credential)) {
        const owner = owners.get(proof);
        if (owner === undefined) {
          owners.set(proof, name);
          continue;
        }
        yield {
          severity: "error",
          kind: "consumers",
          name,
          path: `credentials[${index}].${field}`,
          message: `this ${label} ${owner === name ? "is used twice" : `belongs to consumer "${owner}"`}`,
          ...(owner === name ? {} : { other: { kind: "consumers", name: owner } }),
        };
      }
    }
  }
}

/** One identity of a provider is one user; disabled users keep theirs. */
function* sharedIdentities(set: ResourceSet): Generator<Diagnostic> {
  const owners = new Map<string, string>();
  for (const { name, value } of set.users.values()) {
    if (value.oidc === undefined) continue;
    const identity = JSON.stringify([value.oidc.issuer, value.oidc.subject]);
    const owner = owners.get(identity);
    if (owner === undefined) {
      owners.set(identity, name);
      continue;
    }
    yield {
      severity: "error",
      kind: "users",
      name,
      path: "oidc.subject",
      message: `this identity of a provider belongs to user "${owner}"`,
      other: { kind: "users", name: owner },
    };
  }
}

interface Proof {
  /** The same text for what no two credentials may share. */
  readonly proof: string;
  readonly field: string;
  readonly label: string;
}

function proofsOf(credential: Credential): Proof[] {
  switch (credential.type) {
    case "hmac":
      return [{ proof: `hmac ${credential.accessKey}`, field: "accessKey", label: "access key" }];
    case "jwt": {
      const { issuer, claim, claimValue } = credential;
      const proof = `jwt ${JSON.stringify([issuer, claim, claimValue])}`;
      return [{ proof, field: "claimValue", label: "value of the claim of this issuer" }];
    }
    case "api-key": {
      const { value, previous } = credential;
      return [
        { proof: apiKeyHash(value), field: "value", label: "API key" },
        { proof: previous && apiKeyHash(previous.value), field: "previous.value", label: "API key" },
      ].flatMap(({ proof, ...rest }) => (proof === undefined ? [] : [{ proof, ...rest }]));
    }
  }
}
