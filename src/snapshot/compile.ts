// Resources -> snapshot: pure, so that the same resources always give the same snapshot. Knows no store and no socket.
import { areKin, changedMap, keysToCompare } from "../lib/layered-map.ts";
import type { Diagnostic, ResourceSet } from "../resources/resource-set.ts";
import { compileConsumer } from "./compile-consumer.ts";
import { compileConsumerGroup } from "./compile-quota.ts";
import { compileModelApi } from "./compile-model-api.ts";
import { compileService } from "./compile-service.ts";
import { pairDiagnostics } from "./pair-diagnostics.ts";
import type { Snapshot } from "./snapshot.ts";

export interface CompileInput {
  readonly revision: number;
  readonly instance: string;
  /** Secrets opened or hashed, references checked (`checkReferences`). */
  readonly resources: ResourceSet;
}

export interface CompileResult {
  readonly snapshot: Snapshot;
  /** Errors: the snapshot must not be used. Warnings: worth telling the author. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Disabled Model APIs and consumers are left out.
 * An unchanged resource gives the same compiled object again, and a kind without changes the same map, so that the
 * difference between two snapshots is found by identity.
 */
export function compile(input: CompileInput): CompileResult {
  const { resources } = input;
  const groups = consumerGroups(resources["consumer-groups"]);
  const snapshot: Snapshot = {
    revision: input.revision,
    instance: input.instance,
    apis: apis(resources["model-apis"]),
    services: services(resources.services),
    consumers: consumers(resources.consumers),
    ...(groups.size === 0 ? {} : { consumerGroups: groups }),
  };
  return { snapshot, diagnostics: pairDiagnostics(resources, snapshot) };
}

const apis = section(compileModelApi);
const services = section(compileService);
const consumers = section(compileConsumer);
const consumerGroups = section(compileConsumerGroup);

/** Compiles a kind resource by resource, remembering results for as long as the resource itself is kept. */
function section<Value extends object, Item>(
  compileOne: (value: Value) => Item | undefined,
): (resources: ReadonlyMap<string, { readonly value: Value }>) => ReadonlyMap<string, Item> {
  type Resources = ReadonlyMap<string, { readonly value: Value }>;
  const one = remembered(compileOne);
  let last: { readonly resources: Resources; readonly compiled: ReadonlyMap<string, Item> } | undefined;
  const compileKind = (resources: Resources): ReadonlyMap<string, Item> => {
    const put: [string, Item][] = [];
    const deleted: string[] = [];
    // Of one changed consumer among very many only that one is looked at.
    const kin = last !== undefined && areKin(last.resources, resources) ? last : undefined;
    for (const name of kin === undefined ? resources.keys() : keysToCompare(kin.resources, resources)) {
      const resource = resources.get(name);
      const item = resource === undefined ? undefined : one(resource.value);
      if (item === undefined) deleted.push(name);
      else put.push([name, item]);
    }
    return kin === undefined ? new Map(put) : changedMap(kin.compiled, put, deleted);
  };
  return remembered((resources: Resources) => {
    const compiled = compileKind(resources);
    last = { resources, compiled };
    return compiled;
  });
}

function remembered<Input extends object, Output>(work: (input: Input) => Output): (input: Input) => Output {
  const results = new WeakMap<Input, { readonly output: Output }>();
  return (input) => {
    const known = results.get(input);
    if (known !== undefined) return known.output;
    const output = work(input);
    results.set(input, { output });
    return output;
  };
}
