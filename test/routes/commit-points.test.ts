// When an answer is the client's, on every kind of route: before its first data another service may still answer instead.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyUpTo, startSteppedUpstream, type SteppedUpstream } from "../support/stepped-upstream.ts";
import { operationOf, traitsOf } from "../../src/protocols/route-traits.ts";
import { scriptOf, type AnswerScript } from "../support/answer-scripts.ts";
import { startGateway, type Gateway } from "../support/gateway.ts";
import { createKeeper } from "../support/keeper.ts";
import { named } from "../support/named.ts";
import { patientClock } from "../support/patient-clock.ts";
import { exchange, type RequestParts } from "../support/raw-client.ts";
import { fillIn, routeCells, type RouteCell } from "../support/route-cells.ts";
import { basePathOf, routeApis, routeServices } from "../support/route-scene.ts";
import type { TestDocument } from "../support/configuration.ts";

const keep = createKeeper();

interface CommitCell extends RouteCell {
  readonly script: AnswerScript;
  /** Makes something: what has been sent once is not sent again. */
  readonly creates: boolean;
}

const cells: readonly CommitCell[] = routeCells
  .filter(({ variant, path, row }) => variant === "as asked" && path !== row.alias)
  .filter((cell) => !saysIds(cell))
  .map((cell) => {
    const { row, sample, path } = cell;
    const traits = traitsOf({ name: row.name, protocol: row.speaks ?? row.protocol, path: row.path });
    const below = path.slice(row.path.length).replace(/\?.*$/, "");
    return {
      ...cell,
      script: scriptOf(row, sample),
      creates: operationOf(traits, sample.method, below).creates,
    };
  });

/** An id belongs to one service, and a list is made of those of all services: nobody else may answer in its place. */
function saysIds({ row, path, sample }: RouteCell): boolean {
  if (path.includes("{") || sample.given !== undefined) return true;
  if (sample.json?.includes("file_id") === true || path.includes("/permissions/")) return true;
  const listed = row.protocol === "gemini" ? [] : ["list"];
  return listed.includes(sample.what) || row.name === "comfyui-queue" || row.name === "comfyui-history";
}

function documentOf(a: string, b: string, apiFields: object = {}): TestDocument {
  const second = routeServices(b).map((service) => ({ ...service, name: `${String(service["name"])}-b` }));
  const apis = routeApis("as asked").map((api) => {
    const protocol = Array.isArray(api["protocols"]) ? String(api["protocols"][0]) : "";
    return {
      ...api,
      retries: { max: 0 },
      fallback: { enabled: true, targets: [{ service: `${protocol}-b`, firstPacketTimeoutMs: 0 }] },
      ...apiFields,
    };
  });
  return { services: [...routeServices(a), ...second], modelApis: apis };
}

function requestOf(cell: RouteCell): RequestParts {
  return {
    method: cell.sample.method,
    path: basePathOf(cell.row) + fillIn(cell.path, {}, "{}"),
    headers: [
      ...(cell.sample.headers ?? []),
      ...(cell.contentType === undefined ? [] : [["content-type", cell.contentType] as const]),
    ],
    body: cell.body,
  };
}

describe(`${cells.length} answers that break`, () => {
  let a: SteppedUpstream;
  let b: SteppedUpstream;
  let gateway: Gateway;
  beforeAll(async () => {
    a = await startSteppedUpstream();
    b = await startSteppedUpstream();
  });
  afterAll(async () => {
    await a.close();
    await b.close();
  });

  test.each(named(cells))("%s", async (_name, cell) => {
    const { script, creates } = cell;
    for (const upTo of ["head", "noise", "first", "more"] as const) {
      // A gateway of its own: a service that breaks often is not asked any more.
      gateway = keep(await startGateway(documentOf(a.url, b.url)));
      a.play(script, upTo, "close");
      b.play(script, "end");
      const before = b.requests.length;
      const answer = await exchange(gateway.port, requestOf(cell));
      const record = await gateway.record(answer.header("x-request-id"));
      const isOurs = bodyUpTo(script, upTo).length > 0 && script.kind === "bytes";
      const committed = isOurs || (script.kind === "events" && (upTo === "first" || upTo === "more"));
      if (committed) {
        // It ends with an error of the protocol, or abruptly: never as a good answer would.
        expect(answer.body.toString("latin1").startsWith(bodyUpTo(script, upTo)), upTo).toBe(true);
        expect(answer.body.toString("latin1")).not.toContain(script.end);
        expect(record, upTo).toMatchObject({ outcome: "truncated", status: 200, fallbackFrom: "" });
        expect(b.requests.length).toBe(before);
      } else if (creates) {
        expect([answer.status, record.attempts.length], upTo).toEqual([502, 1]);
        expect(b.requests.length).toBe(before);
      } else {
        expect([answer.status, answer.body.toString("latin1")], upTo).toEqual([200, bodyUpTo(script, "end")]);
        expect(record).toMatchObject({ outcome: "ok", fallbackFrom: cell.row.protocol });
        expect(record.attempts).toMatchObject([
          { reason: "network-error", nextAction: "fallback" },
          { outcome: "ok" },
        ]);
      }
    }
  });
});

const streams = cells.filter(({ script }) => script.kind === "events");

describe(`first-packet timeouts of ${streams.length} streams`, () => {
  test.each(named(streams))("%s", async (_name, cell) => {
    const a = keep(await startSteppedUpstream());
    const b = keep(await startSteppedUpstream());
    const gateway = keep(
      await startGateway(documentOf(a.url, b.url, { firstPacketTimeoutMs: 50 }), { clock: patientClock() }),
    );
    for (const upTo of ["request", "head", "noise"] as const) {
      a.play(cell.script, upTo);
      b.play(cell.script, "end");
      const answer = await exchange(gateway.port, requestOf(cell));
      expect([answer.status, answer.body.toString("latin1")]).toEqual([200, bodyUpTo(cell.script, "end")]);
      const record = await gateway.record(answer.header("x-request-id"));
      expect(record.attempts).toMatchObject([
        { reason: "first-packet-timeout", outcome: "timeout", ttftMs: null },
        { outcome: "ok" },
      ]);
      expect(record.ttftMs).toBeGreaterThanOrEqual(50);
    }
  });
});

describe("a JSON answer that breaks", () => {
  const cell = cells.find(({ row }) => row.name === "openai-image-generation");
  if (cell === undefined) throw new Error("no route for images");
  const start = '{"created":1,"data":[{"b64_json":"';
  const scriptWith = (bytes: number): AnswerScript => ({
    kind: "json",
    contentType: "application/json",
    noise: start,
    first: "A".repeat(bytes - start.length),
    more: "",
    end: '"}]}',
  });

  test.each([
    { name: "after 1 MiB is answered by another service", bytes: 1024 * 1024, isCommitted: false },
    { name: "after more than 1 MiB is the client's, cut off", bytes: 1024 * 1024 + 1, isCommitted: true },
  ])("$name", async ({ bytes, isCommitted }) => {
    const a = keep(await startSteppedUpstream());
    const b = keep(await startSteppedUpstream());
    const gateway = keep(await startGateway(documentOf(a.url, b.url)));
    a.play(scriptWith(bytes), "first", "close");
    b.play(cell.script, "end");
    const answer = await exchange(gateway.port, requestOf(cell));
    const record = await gateway.record(answer.header("x-request-id"));
    expect([answer.complete, record.outcome]).toEqual(isCommitted ? [false, "truncated"] : [true, "ok"]);
    expect(b.requests.length).toBe(isCommitted ? 0 : 1);
    if (isCommitted) expect(answer.body.length).toBe(bytes);
    else expect(answer.text()).toBe(bodyUpTo(cell.script, "end"));
  });
});
