// Shares of by-weight over real sockets: many requests at once, a restart in the middle, an ejected target.
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

function documentOf(services: Awaited<ReturnType<typeof startServices>>): TestDocument {
  return {
    services: names.map((name) => serviceAt(services[name].url, "openai", { name })),
    modelApis: [
      apiOf("openai", {
        retries: { max: 0 },
        modelService: {
          mode: "by-weight",
          targets: names.map((service) => ({ service, weight: weights[service] })),
        },
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

/** Within three standard deviations of what throwing dice would give. */
function expectShares(answers: readonly LaneAnswer[], shares: Readonly<Record<string, number>>): void {
  const counts = countByService(answers);
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  for (const [service, share] of Object.entries(shares)) {
    const part = share / total;
    const expected = answers.length * part;
    const sigma = Math.sqrt(answers.length * part * (1 - part));
    expect(Math.abs((counts[service] ?? 0) - expected), service).toBeLessThanOrEqual(3 * sigma);
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
