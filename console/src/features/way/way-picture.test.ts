// Settings and counts joined: each count stands at one place, and those of a picture add up.
import { describe, expect, it } from "vitest";
import type { StatusAnswer } from "../../../../src/control/routes/console-answers.ts";
import { aWay, anApi, counted } from "./way-samples.ts";
import { mostTargets, namedTargets, pictureOf } from "./way-picture.ts";

describe("targets", () => {
  it("are those of the settings, each once, in their order", () => {
    const targets = namedTargets({
      mode: "by-model-name",
      rules: [
        { pattern: "a*", target: { service: "one" } },
        { pattern: "b*", target: { service: "two", model: "m" } },
        { pattern: "c*", target: { service: "one" } },
      ],
      default: { service: "three" },
    });
    expect(targets.map(({ service }) => service)).toEqual(["one", "two", "three"]);
  });

  it("as requested take every model of the service that no other target names", () => {
    const api = anApi({ mode: "by-weight", targets: [weighted("a"), weighted("a", "big")] });
    const way = aWay([counted("a", "small", 5), counted("a", "tiny", 2), counted("a", "big", 3)]);
    const { targets } = pictureOf(api, way, undefined);
    expect(targets.map(({ model, chosen }) => [model, chosen])).toEqual([
      [null, 7],
      ["big", 3],
    ]);
  });

  it("that are no longer set still show what they served", () => {
    const api = anApi({ mode: "single", target: { service: "new" } });
    const { targets } = pictureOf(api, aWay([counted("new", "m", 1), counted("old", "m", 9)]), undefined);
    expect(targets.map(({ service, chosen }) => [service, chosen])).toEqual([
      ["new", 1],
      ["old", 9],
    ]);
  });

  it("beyond six are folded into one box, and the sum stays", () => {
    const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
    const api = anApi({ mode: "by-weight", targets: names.map((name) => weighted(name)) });
    const way = aWay(names.map((name, index) => counted(name, "m", index + 1)));
    const { targets } = pictureOf(api, way, undefined);
    expect(targets).toHaveLength(mostTargets);
    expect(targets.at(-1)).toMatchObject({ kind: "others", folded: 7, colour: -1 });
    // The busiest five stay, in the order of the settings.
    expect(targets.slice(0, 5).map(({ service }) => service)).toEqual(["s7", "s8", "s9", "s10", "s11"]);
    expect(targets.reduce((sum, { chosen }) => sum + (chosen ?? 0), 0)).toBe(78);
  });

  it("stand beside what the gateway answered itself, and all shares make one", () => {
    const way = aWay([counted("a", "m", 6), counted("b", "m", 2)], { own: 2 });
    const { targets } = pictureOf(anApi(), way, undefined);
    expect(targets.map(({ kind }) => kind)).toEqual(["target", "target", "own"]);
    expect(targets.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1);
  });
});

describe("counts", () => {
  it("are unknown without records, not zero", () => {
    for (const way of [undefined, { ...aWay([]), arrived: 0 }]) {
      const picture = pictureOf(anApi(), way, undefined);
      expect(picture.arrived).toBeNull();
      expect(picture.reply).toBeNull();
      expect([
        ...picture.gates.map(({ passed }) => passed),
        ...picture.targets.map(({ chosen }) => chosen),
      ]).toEqual(Array.from({ length: 7 }, () => null));
    }
  });

  it("of a service that stands twice among the fallbacks go by position", () => {
    const api = anApi(undefined, [{ service: "a" }, { service: "b" }, { service: "a" }]);
    const way = aWay([counted("x", "m", 10, 6)], {
      fallbacks: [
        { position: 1, service: "a", model: "m", tried: 6, served: 2, failed: 4, left: 0 },
        { position: 2, service: "b", model: "m", tried: 4, served: 1, failed: 3, left: 0 },
        { position: 3, service: "a", model: "m", tried: 3, served: 3, failed: 0, left: 0 },
      ],
    });
    const picture = pictureOf(api, way, undefined);
    expect(picture.sentOn).toBe(6);
    expect(picture.fallbacks.map(({ tried, served }) => [tried, served])).toEqual([
      [6, 2],
      [4, 1],
      [3, 3],
    ]);
  });
});

it("steps that are not set are off, and what was stopped comes most first", () => {
  const way = aWay([counted("a", "m", 4)], {
    stops: { authenticate: [stop(401, 2), stop(403, 5)] },
  });
  const { gates } = pictureOf(anApi(), way, undefined);
  expect(gates.map(({ step, on }) => [step, on])).toEqual([
    ["match", true],
    ["authenticate", false],
    ["limit", false],
    ["moderate", false],
    ["select", true],
  ]);
  expect(gates[1]?.stops.map(({ status }) => status)).toEqual([403, 401]);
});

it("one ejected model of a service leaves its other targets ready", () => {
  const api = anApi({ mode: "by-weight", targets: [weighted("a", "x"), weighted("a", "y"), weighted("b")] });
  const services = [
    {
      name: "a",
      standing: "ejected",
      reason: "network-error",
      until: null,
      inFlight: 0,
      targets: [{ model: "x", standing: "ejected", reason: "network-error", since: "", until: "" }],
    },
  ] satisfies StatusAnswer["services"];
  const { targets } = pictureOf(api, undefined, statusWith(services));
  expect(targets.map(({ standing }) => standing)).toEqual(["ejected", "ready", null]);
});

function weighted(service: string, model?: string) {
  return { service, ...(model === undefined ? {} : { model }), weight: 1 };
}

function stop(status: number, count: number) {
  return { status, code: "invalid_credentials", count } as const;
}

function statusWith(services: StatusAnswer["services"]): StatusAnswer {
  return {
    version: "1",
    startedAt: "",
    instance: { name: "", region: "" },
    revision: 1,
    ready: true,
    configError: null,
    nodes: [],
    gateway: { url: "", scheme: "http", host: "", port: 1 },
    counts: { modelApis: 0, services: 0, domains: 0, consumers: 0, resourceGroups: 0 },
    inFlight: 0,
    services,
    keys: [],
    attention: [],
  };
}
