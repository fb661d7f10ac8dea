// What differs between two forms of a Model API, and how two people's changes come together. Knows no React.
import { sameJson, type Body } from "./resource-body.ts";

export interface Difference {
  /** Such as `basePath` or `monitoring.logs`. */
  readonly path: readonly string[];
  /** Undefined: it was, or is, not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** A mode's fields mean nothing without the mode, so they change together. */
const wholes: ReadonlySet<string> = new Set(["modelService"]);

function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Each field that differs; lists and model services count as one. */
export function differences(before: Body, after: Body, prefix: readonly string[] = []): Difference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name): Difference[] => {
    const [left, right] = [before[name], after[name]];
    if (sameJson(left, right)) return [];
    const path = [...prefix, name];
    if (isObject(left) && isObject(right) && !wholes.has(name)) return differences(left, right, path);
    return [{ path, before: left, after: right }];
  });
}

export interface Conflict {
  readonly path: readonly string[];
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface Merge {
  /** Theirs with every change of mine on top. */
  readonly merged: Body;
  readonly mine: readonly Difference[];
  readonly theirs: readonly Difference[];
  /** Fields that both changed, and not to the same. */
  readonly conflicts: readonly Conflict[];
}

/** @param base what both started from */
export function merge(base: Body, mine: Body, theirs: Body): Merge {
  const ours = differences(base, mine);
  const others = differences(base, theirs);
  const conflicts = ours.flatMap((change): Conflict[] => {
    const other = others.find(({ path }) => sameJson(path, change.path));
    if (other === undefined || sameJson(other.after, change.after)) return [];
    return [{ path: change.path, mine: change.after, theirs: other.after }];
  });
  const merged = ours.reduce((body, { path, after }) => withValue(body, path, after), theirs);
  return { merged, mine: ours, theirs: others, conflicts };
}

function withValue(body: Body, path: readonly string[], value: unknown): Body {
  const [name, ...rest] = path;
  if (name === undefined) return body;
  const { [name]: own, ...others } = body;
  if (rest.length > 0) return { ...body, [name]: withValue(isObject(own) ? own : {}, rest, value) };
  return value === undefined ? others : { ...body, [name]: value };
}
