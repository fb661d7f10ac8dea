// Every default route with every method at every path, through a gateway to the simulator, over real sockets: what the
// service gets, what the client gets and what is recorded.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultRoutes } from "../../src/resources/default-routes.ts";
import { startSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import { startGateway, type Gateway } from "../support/gateway.ts";
import { headerOf } from "../support/http-message.ts";
import { named } from "../support/named.ts";
import { RawClient } from "../support/raw-client.ts";
import {
  expectedBody,
  expectedModel,
  fillIn,
  missingSamples,
  routeCells,
  type RouteCell,
} from "../support/route-cells.ts";
import { askedModel } from "../support/route-sample.ts";
import { basePathOf, directTo, routeDocument, routeKey } from "../support/route-scene.ts";
import { acceptedSocket } from "../support/socket-client.ts";
import { startTap, type Tap, type Tapped } from "../support/tap-upstream.ts";
import type { Answer } from "../support/raw-client.ts";
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";

let simulator: Simulator;
let tap: Tap;
let gateway: Gateway;
let client: RawClient;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
  tap = await startTap(simulator.port);
  gateway = await startGateway(routeDocument(tap.url));
  client = await RawClient.connect(gateway.port);
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
  await tap.close();
  await simulator.close();
});

interface Exchanged {
  readonly sent: Buffer | undefined;
  readonly servicePath: string;
  readonly tapped: Tapped;
  readonly answer: Answer;
  readonly record: ExchangeRecord;
}

async function exchangeOf(cell: RouteCell, chunked = false): Promise<Exchanged> {
  const { sample, row } = cell;
  const through = directTo(gateway.url + basePathOf(row, cell.variant), row);
  const ids = (await sample.given?.(directTo(simulator.url, row), through)) ?? {};
  const sent = sample.json === undefined ? cell.body : Buffer.from(fillIn(sample.json, ids, "{{}}"));
  const before = tap.exchanges.length;
  const answer = await client.request({
    method: sample.method,
    path: basePathOf(row, cell.variant) + fillIn(cell.path, ids, "{}"),
    headers: [
      ...(sample.headers ?? []),
      ...(cell.contentType === undefined ? [] : [["content-type", cell.contentType] as const]),
      ["cookie", "session=client-canary"],
    ],
    body: sent,
    chunked,
  });
  const record = await gateway.record(answer.header("x-request-id"));
  const tapped = tap.exchanges.slice(before);
  // Said with what came instead, so that a refusal can be read.
  if (tapped.length !== 1) throw new Error(`${tapped.length} sends; ${answer.status} ${answer.text()}`);
  const [only] = tapped;
  if (only === undefined) throw new Error("no send");
  return { sent, servicePath: fillIn(cell.servicePath, ids, "{}"), tapped: only, answer, record };
}

function expectRequest(cell: RouteCell, { sent, servicePath, tapped }: Exchanged): void {
  expect([tapped.method, tapped.path]).toEqual([cell.sample.method, servicePath]);
  const body = expectedBody(cell, sent);
  // As text first, for a readable difference; the bytes alone count.
  expect(tapped.request.body.toString("latin1")).toBe(body.toString("latin1"));
  expect(tapped.request.body.equals(body)).toBe(true);
  if (sent !== undefined) expect(tapped.header("content-type")).toBe(cell.contentType);
  for (const [name, value] of cell.sample.headers ?? [])
    expect(tapped.header(name.toLowerCase())).toBe(value);
  expect(tapped.header("host")).toBe(new URL(tap.url).host);
  expect(tapped.header("cookie")).toBeUndefined();
  expect(tapped.request.head.toString().includes(routeKey)).toBe(cell.row.protocol !== "comfyui");
}

function expectAnswer(cell: RouteCell, { tapped, answer, record }: Exchanged): void {
  const status = cell.sample.status ?? 200;
  expect([answer.status, answer.complete]).toEqual([status, true]);
  expect(answer.header("x-moongate-service")).toBe(cell.row.protocol);
  expect(answer.header("x-moongate-attempts")).toBe("1");
  // The words of a service that refuses the gateway's key are not shown.
  if (record.errorCode !== "upstream_credentials") {
    expect(tapped.status).toBe(status);
    expect(answer.body.equals(tapped.answer.body)).toBe(true);
    expect(answer.header("content-type")).toBe(headerOf(tapped.answer, "content-type"));
    expect(answer.header("x-moongate-upstream-request-id")).toBe(headerOf(tapped.answer, "x-request-id"));
  }
}

function expectRecord(cell: RouteCell, { tapped, record }: Exchanged): void {
  const { sample, row, variant } = cell;
  const { model = "none", stream = false, usage } = sample;
  const status = sample.status ?? 200;
  expect(record).toMatchObject({
    api: `${row.useCase}-${row.protocol}${variant === "renamed" ? "-renamed" : ""}`,
    route: row.name,
    protocol: row.speaks ?? row.protocol,
    method: sample.method,
    service: row.protocol,
    requestedModel: model === "none" || model.endsWith("-first") ? "" : askedModel,
    stream,
    status,
    upstreamStatus: tapped.status,
    outcome: status < 400 ? "ok" : status < 500 ? "client_error" : "upstream_error",
  });
  expect(record.attempts).toMatchObject([{ status: tapped.status, nextAction: "none" }]);
  if (stream) expect(record.ttftMs).toBeGreaterThan(0);
  else expect(record.ttftMs).toBeNull();
  if (usage === undefined) return;
  if (usage === null) expect(record.usage).toBeNull();
  for (const [unit, amount] of Object.entries(usage ?? {})) {
    const used = Object.entries(record.usage ?? {}).find(([name]) => name === unit)?.[1];
    if (amount === "some") expect(used, `${unit} of ${JSON.stringify(record.usage)}`).toBeGreaterThan(0);
    else expect(used, `${unit} of ${JSON.stringify(record.usage)}`).toBe(amount);
  }
}

/** What is said of the model is what the service was sent. */
function expectModel(cell: RouteCell, { answer, record }: Exchanged): void {
  const model = expectedModel(cell);
  expect(answer.header("x-moongate-model")).toBe(model === "" ? undefined : model);
  expect(record.model).toBe(model);
  expect(record.attempts).toMatchObject([{ model }]);
}

test("every method of every route has a sample", () => {
  expect(missingSamples).toEqual([]);
});

describe(`${routeCells.length} cells of route x method x path x sample x model`, () => {
  test.each(named(routeCells))("%s", async (_name, cell) => {
    const exchanged = await exchangeOf(cell);
    expectRequest(cell, exchanged);
    expectAnswer(cell, exchanged);
    expectRecord(cell, exchanged);
    expectModel(cell, exchanged);
  });
});

const uploads = routeCells.filter(({ sample }) => sample.form !== undefined || sample.bytes !== undefined);

describe(`${uploads.length} bodies that are no JSON, sent in chunks`, () => {
  test.each(named(uploads))("%s", async (_name, cell) => {
    const exchanged = await exchangeOf(cell, true);
    expectRequest(cell, exchanged);
    expectAnswer(cell, exchanged);
  });
});

const socketRows = defaultRoutes.filter((row) => row.websocket === true);

describe(`${socketRows.length} routes for WebSockets`, () => {
  test.each(socketRows)("$useCase $protocol: $path", async (row) => {
    const path = `${basePathOf(row)}${row.path}?clientId=route-test&model=${askedModel}`;
    const socket = await acceptedSocket(gateway.port, path);
    socket.socket.close(1000);
    expect(await socket.ended()).toMatchObject({ code: 1000 });
    const plain = await client.request({ path });
    expect(plain.status).toBe(426);
    expect(await gateway.record(plain.header("x-request-id"))).toMatchObject({
      route: row.name,
      errorCode: "upgrade_required",
    });
  });
});
