// A client that goes away takes its call to the service with it, on every route and at every point of the answer. How soon
// is a figure of `npm run bench:leaving`; here no time passes for the gateway, so that no timeout can do it instead.
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scriptOf } from "../support/answer-scripts.ts";
import { startGateway, type Gateway } from "../support/gateway.ts";
import { named } from "../support/named.ts";
import { RawClient } from "../support/raw-client.ts";
import { fillIn, routeCells } from "../support/route-cells.ts";
import { basePathOf, routeDocument } from "../support/route-scene.ts";
import { stillClock } from "../support/still-clock.ts";
import {
  bodyUpTo,
  startSteppedUpstream,
  type Step,
  type SteppedUpstream,
} from "../support/stepped-upstream.ts";

const points: readonly { readonly point: string; readonly upTo: Step }[] = [
  { point: "before the head", upTo: "request" },
  { point: "after the head", upTo: "head" },
  { point: "before the first data", upTo: "noise" },
  { point: "in the middle", upTo: "first" },
  { point: "near the end", upTo: "more" },
];

const cells = routeCells
  .filter(({ variant, path, row }) => variant === "as asked" && path !== row.alias)
  .flatMap((cell) => {
    const script = scriptOf(cell.row, cell.sample);
    return points
      .filter(({ upTo }) => upTo !== "noise" || script.noise !== "")
      .map((point) => ({ ...cell, ...point, script, name: `${cell.name}: ${point.point}` }));
  });

let upstream: SteppedUpstream;
let gateway: Gateway;

beforeAll(async () => {
  upstream = await startSteppedUpstream();
  gateway = await startGateway(routeDocument(upstream.url), { clock: stillClock });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

describe(`${cells.length} cells of route x method x sample x point: the service's connection is closed`, () => {
  test.each(named(cells))("%s", async (_name, cell) => {
    const { script, upTo, sample, row } = cell;
    const before = { requests: upstream.requests.length, records: gateway.records.length };
    upstream.play(script, upTo);
    const written = upstream.written();
    const client = await RawClient.connect(gateway.port);
    client.send(
      gateway.bytes({
        method: sample.method,
        path: basePathOf(row) + fillIn(cell.path, { id: "id-1", input: "id-2", training: "id-3" }, "{}"),
        headers: [
          ...(sample.headers ?? []),
          ...(cell.contentType === undefined ? [] : [["content-type", cell.contentType] as const]),
        ],
        body: cell.body,
      }),
    );
    await written;
    const sent = Buffer.from(bodyUpTo(script, upTo), "latin1");
    const isSeen = script.kind !== "json" && (upTo === "first" || upTo === "more");
    if (isSeen) await client.body((body) => body.length === sent.length);
    // What is held back shows nowhere: some turns of the event loop let the gateway read it.
    else for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    const request = await upstream.request(before.requests);
    expect(request.connection.leftAtMs).toBeUndefined();
    client.destroy();
    await request.connection.leaving();
    const record = await gateway.recordWhere((each) => gateway.records.indexOf(each) >= before.records);
    expect(record).toMatchObject({
      route: row.name,
      outcome: "client_closed",
      status: 499,
      stream: sample.stream === true,
    });
    expect(record.attempts).toMatchObject([{ outcome: "client_closed", nextAction: "none" }]);
    expect(upstream.requests.length).toBe(before.requests + 1);
  });
});
