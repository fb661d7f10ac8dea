// Puts arguments of a function together whose values come in pieces, each with the path where it belongs (`$.list[0].name`).
// Must not know events.

type Branch = Map<string, unknown> | unknown[];

/** Steps of a path at most: deeper values could not be written. */
const deepest = 100;

/** Objects are maps, so that no name is special. */
export class PartialArguments {
  #root: Branch = new Map();

  /** @param pieces `partialArgs` of one part. @throws TypeError for one that fits nowhere */
  add(pieces: unknown): void {
    if (!Array.isArray(pieces)) return;
    for (const piece of pieces) this.#addPiece(piece);
  }

  text(): string {
    return JSON.stringify(this.#root, (_name, value: unknown) =>
      // A map's own way into JSON is {}; names such as __proto__ must arrive as they are.
      value instanceof Map ? Object.fromEntries(value) : value,
    );
  }

  #addPiece(piece: unknown): void {
    if (typeof piece !== "object" || piece === null) return;
    const { jsonPath, stringValue, numberValue, boolValue } = piece as Record<string, unknown>; // Only read, and judged below.
    const steps = stepsOf(jsonPath);
    const last = steps?.pop();
    if (steps === undefined || last === undefined) throw new TypeError("A piece of arguments has no path.");
    let branch = this.#root;
    for (const [at, step] of steps.entries()) branch = descend(branch, step, steps[at + 1] ?? last);
    const known = valueAt(branch, last);
    if (typeof stringValue === "string" && typeof known === "string") put(branch, last, known + stringValue);
    else put(branch, last, stringValue ?? numberValue ?? boolValue ?? null);
  }
}

function descend(branch: Branch, step: string | number, next: string | number): Branch {
  const found = valueAt(branch, step);
  if (found instanceof Map || Array.isArray(found)) return found;
  const made: Branch = typeof next === "number" ? [] : new Map<string, unknown>();
  put(branch, step, made);
  return made;
}

function valueAt(branch: Branch, step: string | number): unknown {
  if (branch instanceof Map) return branch.get(String(step));
  return typeof step === "number" ? branch[step] : undefined;
}

/** A list has no gaps: what lies beyond its end is its next item. */
function put(branch: Branch, step: string | number, value: unknown): void {
  if (branch instanceof Map) branch.set(String(step), value);
  else if (typeof step === "number" && step <= branch.length) branch[step] = value;
  else throw new TypeError("A piece of arguments lies beyond the end of its list.");
}

/** `$.a[0]['b c']` as a, 0, b c; undefined for what is no such path. */
function stepsOf(path: unknown): (string | number)[] | undefined {
  if (typeof path !== "string" || !path.startsWith("$")) return undefined;
  const steps: (string | number)[] = [];
  const step = /\.([^.[\]]+)|\[(\d{1,7})\]|\['([^']*)'\]|\["([^"]*)"\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (match === null || steps.length === deepest) return undefined;
    const [, name, index, quoted, doubled] = match;
    steps.push(index === undefined ? (name ?? quoted ?? doubled ?? "") : Number(index));
  }
  return steps.length === 0 ? undefined : steps;
}
