// Large maps that change one entry at a time and are never changed in place: a change is a thin layer over a map that
// both share, so that a hundred thousand entries are neither copied nor compared for one. Knows not what it maps.

/** Below it a copy costs nothing that could be noticed. */
const leastEntries = 1_000;
/** A layer that has grown beyond this share of the map below is made one with it. */
const largestLayer = 1 / 50;

/** A value, or that there is none any more. */
type Entry<Value> = { readonly value: Value } | null;

class LayeredMap<Value> implements ReadonlyMap<string, Value> {
  readonly below: ReadonlyMap<string, Value>;
  readonly layer: ReadonlyMap<string, Entry<Value>>;
  readonly size: number;

  constructor(below: ReadonlyMap<string, Value>, layer: ReadonlyMap<string, Entry<Value>>) {
    this.below = below;
    this.layer = layer;
    let { size } = below;
    for (const [key, entry] of layer) size += (entry === null ? 0 : 1) - (below.has(key) ? 1 : 0);
    this.size = size;
  }

  get(key: string): Value | undefined {
    const entry = this.layer.get(key);
    if (entry === undefined) return this.below.get(key);
    return entry === null ? undefined : entry.value;
  }

  has(key: string): boolean {
    const entry = this.layer.get(key);
    return entry === undefined ? this.below.has(key) : entry !== null;
  }

  *entries(): MapIterator<[string, Value]> {
    for (const [key, value] of this.below) {
      const entry = this.layer.get(key);
      if (entry === undefined) yield [key, value];
      else if (entry !== null) yield [key, entry.value];
    }
    for (const [key, entry] of this.layer)
      if (entry !== null && !this.below.has(key)) yield [key, entry.value];
  }

  *keys(): MapIterator<string> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  forEach(see: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [key, value] of this.entries()) see(value, key, this);
  }
}

/** The map with some entries put and some deleted; `before` stays as it is. What is put anew comes last. */
export function changedMap<Value>(
  before: ReadonlyMap<string, Value>,
  put: Iterable<readonly [key: string, value: Value]>,
  deleted: Iterable<string>,
): ReadonlyMap<string, Value> {
  const { below, layer: known } = layersOf(before);
  const layer = new Map(known);
  for (const key of deleted) {
    if (below.has(key)) layer.set(key, null);
    else layer.delete(key);
  }
  for (const [key, value] of put) layer.set(key, { value });
  const changed = new LayeredMap(below, layer);
  const isThin = below.size >= leastEntries && layer.size <= below.size * largestLayer;
  return isThin ? changed : new Map(changed);
}

/** Keys whose values may differ between two maps: few where one was made of the other, else all. */
export function keysToCompare<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): ReadonlySet<string> {
  if (before === after) return new Set();
  const [one, other] = [layersOf(before), layersOf(after)];
  if (one.below !== other.below) return new Set([...after.keys(), ...before.keys()]);
  return new Set([...other.layer.keys(), ...one.layer.keys()]);
}

/** Whether comparing two maps costs less than looking at all of one. */
export function areKin(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): boolean {
  return layersOf(before).below === layersOf(after).below;
}

interface Layers<Value> {
  readonly below: ReadonlyMap<string, Value>;
  readonly layer: ReadonlyMap<string, Entry<Value>>;
}

const noLayer: ReadonlyMap<string, never> = new Map<string, never>();

function layersOf<Value>(map: ReadonlyMap<string, Value>): Layers<Value> {
  return map instanceof LayeredMap ? map : { below: map, layer: noLayer };
}
