// A client that is slow to send a large form is not the service's fault: no timeout of the service counts meanwhile.
import { expect, test } from "vitest";
import { scriptOf } from "../support/answer-scripts.ts";
import { startGateway, type Gateway } from "../support/gateway.ts";
import { createKeeper } from "../support/keeper.ts";
import { patientClock } from "../support/patient-clock.ts";
import { exchange, RawClient } from "../support/raw-client.ts";
import { routeCells } from "../support/route-cells.ts";
import { formBoundary, formBytes } from "../support/route-sample.ts";
import { bodyUpTo, startSteppedUpstream } from "../support/stepped-upstream.ts";

const keep = createKeeper();

const cell = routeCells.find(({ row, sample }) => row.name === "openai-image-edit" && sample.stream === true);
if (cell === undefined) throw new Error("no streamed edit");
const script = scriptOf(cell.row, cell.sample);

const path = "/v1/images/edits";
const contentType = ["content-type", `multipart/form-data; boundary="${formBoundary}"`] as const;
/** Too large to be held: it passes as it comes. */
const form = formBytes([
  { name: "model", content: "m" },
  { name: "stream", content: "true" },
  { name: "image", file: "a.png", content: Buffer.alloc(12 * 1024 * 1024, 1) },
]);
/** So much that the gateway has begun to send. */
const begun = 10 * 1024 * 1024;

/** A Model API at the root, and one below `/clock` whose service never answers: its timeout tells that time has passed. */
async function scene(timeouts: object, api: object, clock: object): Promise<Gateway> {
  const upstream = keep(await startSteppedUpstream());
  const silent = keep(await startSteppedUpstream());
  upstream.play(script, "end");
  silent.play(script, "request");
  const apiOf = (name: string, fields: object): Readonly<Record<string, unknown>> => ({
    name,
    useCase: "image-generation",
    protocols: ["openai"],
    retries: { max: 0 },
    modelService: { mode: "single", target: { service: name } },
    ...fields,
  });
  const serviceOf = (name: string, url: string, fields: object): Readonly<Record<string, unknown>> => ({
    name,
    provider: "openai-compatible",
    baseUrl: url,
    ...fields,
  });
  return keep(
    await startGateway(
      {
        services: [serviceOf("up", upstream.url, { timeouts }), serviceOf("silent", silent.url, {})],
        modelApis: [apiOf("up", api), apiOf("silent", { basePath: "/clock", stripBasePath: true, ...clock })],
      },
      { clock: patientClock() },
    ),
  );
}

/** Resolves after the first-packet timeout of the silent service. */
async function pause(gateway: Gateway): Promise<void> {
  const answer = await exchange(gateway.port, {
    method: "POST",
    path: "/clock/v1/images/generations",
    body: '{"model":"m","prompt":"x","stream":true}',
  });
  expect(answer.status).toBe(504);
}

async function upload(gateway: Gateway, pieces: number): Promise<void> {
  const bytes = gateway.bytes({ method: "POST", path, headers: [contentType], body: form });
  const client = await RawClient.connect(gateway.port);
  client.send(bytes.subarray(0, begun));
  const step = Math.ceil((bytes.length - begun) / pieces);
  for (let at = begun; at < bytes.length; at += step) {
    await pause(gateway);
    client.sendMore(bytes.subarray(at, at + step));
  }
  const answer = await client.answer();
  expect([answer.status, answer.text()]).toEqual([200, bodyUpTo(script, "end")]);
  const record = await gateway.record(answer.header("x-request-id"));
  expect(record).toMatchObject({ outcome: "ok", stream: true });
  client.destroy();
}

test("the first-packet timeout counts from the end of what the client sends", async () => {
  const gateway = await scene({}, { firstPacketTimeoutMs: 100 }, { firstPacketTimeoutMs: 200 });
  await upload(gateway, 1);
});

test("idle time counts from the last byte of what the client sends", async () => {
  const gateway = await scene({ idleMs: 900 }, {}, { firstPacketTimeoutMs: 250 });
  await upload(gateway, 6);
});
