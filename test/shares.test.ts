// Shares of by-weight, and of what mode intelligent explores, over real sockets: many requests at once, a restart in the middle,
// an ejected target.
import { expect, test } from "vitest";
import { TestClock } from "../src/gateway/runtime-fixture.ts";
import { apiOf, serviceAt, type TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { countByService, openLanes, type LaneAnswer } from "./support/request-lanes.ts";
import { startSwitchedUpstream, type SwitchedUpstream } from "./support/switched-upstream.ts";

const keep = createKeeper();
const requests = 10_000;
const atOnce = 100;
const weights = { a: 70, b: 20, c: 10 } as const;
const names = ["a", "b", "c"] as const;

async function startServices(): Promise<Record<(typeof names)[number], SwitchedUpstream>> {
  const [a, b, c] = [
    await startSwitchedUpstream(),
    await startSwitchedUpstream(),
    await startSwitchedUpstream(),
  ];
  return { a: keep(a), b: keep(b), c: keep(c) };
}

const byWeight = {
  mode: "by-weight",
  targets: names.map((service) => ({ service, weight: weights[service] })),
};

/** The best model at `a`, the second best at `b`; nothing but quality counts. */
const explored = 5;
const exploring = {
  mode: "intelligent",
  weights: { cost: 0, latency: 0 },
  exploration: explored / 100,
  candidates: names.map((service, place) => ({
    service,
    model: `model-${service}`,
    quality: 90 - place,
    price: { input: 1, output: 4 },
  })),
};

function documentOf(
  services: Awaited<ReturnType<typeof startServices>>,
  modelService: object = byWeight,
): TestDocument {
  return {
    services: names.map((name) => serviceAt(services[name].url, "openai", { name })),
    modelApis: [
      apiOf("openai", {
        retries: { max: 0 },
        modelService,
      }),
    ],
  };
}

async function sendTo(gateway: Gateway, count: number): Promise<LaneAnswer[]> {
  const lanes = openLanes(gateway.port, atOnce);
  try {
    return await lanes.send(count);
  } finally {
    await lanes.close();
  }
}

/** Within so many standard deviations of what throwing dice would give. */
function expectShares(
  answers: readonly LaneAnswer[],
  shares: Readonly<Record<string, number>>,
  deviations = 3,
): void {
  const counts = countByService(answers);
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  for (const [service, share] of Object.entries(shares)) {
    const part = share / total;
    const expected = answers.length * part;
    const sigma = Math.sqrt(answers.length * part * (1 - part));
    expect(Math.abs((counts[service] ?? 0) - expected), service).toBeLessThanOrEqual(deviations * sigma);
  }
}

test("10,000 requests, 100 at once, are shared 70 to 20 to 10", async () => {
  const gateway = keep(await startGateway(documentOf(await startServices())));
  expectShares(await sendTo(gateway, requests), weights);
});

test("a restart in the middle changes nothing about the shares", async () => {
  const document = documentOf(await startServices());
  const before = await startGateway(document);
  const first = await sendTo(before, requests / 2);
  await before.close();
  const second = await sendTo(keep(await startGateway(document)), requests / 2);
  expectShares([...first, ...second], weights);
});

test("the share of an ejected target falls to the others in proportion", async () => {
  const services = await startServices();
  const clock = new TestClock();
  const gateway = keep(await startGateway(documentOf(services), { clock }));
  services.b.answer = 500;
  const lanes = openLanes(gateway.port, 1);
  for (let failures = 0; failures < 5;) {
    const [answer] = await lanes.send(1);
    if (answer?.status === 500) failures += 1;
  }
  await lanes.close();
  services.b.answer = 200;
  // The clock stands still, so that the ejection lasts.
  expectShares(await sendTo(gateway, requests), { a: weights.a, c: weights.c, b: 0 });
});

/** Dice are thrown: so far off once in a million runs. */
const dice = 5;

test("what is explored goes to the second best model, over a restart", async () => {
  const document = documentOf(await startServices(), exploring);
  const before = await startGateway(document);
  const first = await sendTo(before, requests / 2);
  await before.close();
  const second = await sendTo(keep(await startGateway(document)), requests / 2);
  for (const answers of [first, second])
    expectShares(answers, { a: 100 - explored, b: explored, c: 0 }, dice);
});

test("the next best ones take the places of a model that is ejected", async () => {
  const services = await startServices();
  const gateway = keep(await startGateway(documentOf(services, exploring), { clock: new TestClock() }));
  services.a.answer = 500;
  const lanes = openLanes(gateway.port, 1);
  for (let failures = 0; failures < 5;) {
    const [answer] = await lanes.send(1);
    if (answer?.status === 500) failures += 1;
  }
  await lanes.close();
  services.a.answer = 200;
  const answers = await sendTo(gateway, requests / 2);
  expectShares(answers, { b: 100 - explored, c: explored, a: 0 }, dice);
});
