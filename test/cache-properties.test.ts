// Whatever a body holds: one change anywhere asks anew, and another way of writing it does not.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endScenes, startCacheScene, type CacheScene } from "./support/cache-scene.ts";

let scene: CacheScene;
beforeAll(async () => {
  scene = await startCacheScene();
});
afterAll(endScenes);

type Body = Readonly<Record<string, unknown>>;

/** A request as clients write them, with fields that nobody knows. */
const bodies: fc.Arbitrary<Body> = fc.record({
  model: fc.constantFrom("small", "large"),
  messages: fc.array(
    fc.record({ role: fc.constantFrom("system", "user", "assistant"), content: fc.string() }),
    { minLength: 1, maxLength: 4 },
  ),
  temperature: fc.double({ min: 0, max: 2, noNaN: true }),
  tools: fc.array(fc.record({ type: fc.constant("function"), function: fc.jsonValue({ maxDepth: 3 }) }), {
    maxLength: 3,
  }),
  // Tells this run's requests from those of the others.
  x_run: fc.uuid(),
  x_more: fc.jsonValue({ maxDepth: 4 }),
});

type Path = readonly (string | number)[];

/** Members by name, items by index; undefined for a scalar. */
function stepsOf(value: unknown): readonly (readonly [string | number, unknown])[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const items: readonly unknown[] | null = Array.isArray(value) ? value : null;
  return items === null ? Object.entries(value) : items.map((item, index) => [index, item] as const);
}

/** Every place in a value, the whole first. */
function pathsOf(value: unknown): Path[] {
  const steps = stepsOf(value) ?? [];
  return [[], ...steps.flatMap(([step, item]) => pathsOf(item).map((path) => [step, ...path]))];
}

/** The same value with another at one place. */
function changed(value: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined) return otherThan(value);
  const steps = stepsOf(value)?.map(
    ([name, item]) => [name, name === step ? changed(item, rest) : item] as const,
  );
  return Array.isArray(value) ? steps?.map(([, item]) => item) : Object.fromEntries(steps ?? []);
}

function otherThan(value: unknown): unknown {
  if (typeof value === "string") return `${value}x`;
  if (typeof value === "number") return value + 1 === value ? 0.5 : value + 1;
  if (typeof value === "boolean") return !value;
  if (value === null) return 0;
  const steps = stepsOf(value) ?? [];
  return Array.isArray(value)
    ? [...steps.map(([, item]) => item), 1]
    : Object.fromEntries([...steps, ["x_added", 1]]);
}

/** The same in another order. */
function rewritten(value: unknown): unknown {
  const steps = stepsOf(value)?.map(([name, item]) => [name, rewritten(item)] as const);
  if (steps === undefined) return value;
  return Array.isArray(value) ? steps.map(([, item]) => item) : Object.fromEntries(steps.toReversed());
}

test(
  "one change anywhere is another request; another way of writing is not",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), async (body, pick) => {
        // Of the model alone nothing but a text is taken.
        const paths = pathsOf(body).filter(([first]) => first !== undefined && first !== "x_run");
        const path = paths[pick % paths.length] ?? ["model"];
        const other = changed(body, path);
        expect((await scene.ask(JSON.stringify(body))).cache).toBe("miss");
        expect((await scene.ask(JSON.stringify(rewritten(body), null, 2))).cache).toBe("hit");
        if (JSON.stringify(other) === JSON.stringify(body)) return;
        expect((await scene.ask(JSON.stringify(other))).cache, `changed at ${path.join(".")}`).toBe("miss");
        expect((await scene.ask(JSON.stringify(body))).cache).toBe("hit");
      }),
      { numRuns: 150 },
    );
  },
);
