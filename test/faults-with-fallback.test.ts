// The fault catalogue once more, with a healthy second service as fallback: what breaks before the client has seen
// anything is answered by the second, and nothing else is.
import { describe, expect, test } from "vitest";
import { apiOf, serviceAt, type TestDocument } from "./support/configuration.ts";
import {
  cellTitle,
  describeEnding,
  expectEnding,
  expectNothingLeftOpen,
  runCell,
  startBroken,
  type BrokenService,
  type Cell,
  type Result,
} from "./support/fault-cell.ts";
import { fallsBack, faultTable, noIdle } from "./support/fault-table.ts";
import { faults, healthyBody, startFaultUpstream } from "./support/fault-upstream.ts";
import { startGateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { patientClock } from "./support/patient-clock.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import type { RawUpstream } from "./support/raw-upstream.ts";

const cells: readonly (readonly [title: string, cell: Cell])[] = faultTable.flatMap((row) =>
  protocolCases.map((wire) => {
    const ending = fallsBack(row.ending) ? "the second answers" : describeEnding(row.ending);
    return [`${cellTitle(row, wire)}: ${ending}`, { ...row, wire }] as const;
  }),
);

const keep = createKeeper();
const secondKey = "sk-second-service-0123456789";

/** The second service says something else, so that nobody can take its answer for the first one's. */
function secondWire(wire: ProtocolCase): ProtocolCase {
  const other = (text: string): string => text.replaceAll("Moon", "Luna");
  return { ...wire, answer: other(wire.answer), semantic: other(wire.semantic) };
}

function documentOf({ wire, timeouts = noIdle }: Cell, firstUrl: string, secondUrl: string): TestDocument {
  const { firstPacketMs = 0, ...first } = timeouts;
  return {
    services: [
      serviceAt(firstUrl, wire.protocol, { timeouts: first }),
      serviceAt(secondUrl, wire.protocol, {
        name: "second",
        apiKeys: [{ name: "other", value: secondKey }],
        timeouts: noIdle,
      }),
    ],
    modelApis: [
      apiOf(wire.protocol, {
        retries: { max: 0 },
        firstPacketTimeoutMs: firstPacketMs,
        fallback: { targets: [{ service: "second", firstPacketTimeoutMs: 0 }] },
      }),
    ],
  };
}

describe(`one service breaks, another is healthy: ${cells.length} cells of fault x protocol x plain or streamed`, () => {
  test.each(cells)("%s", async (_title, cell) => {
    const service = await startBroken(cell, keep);
    const stream = cell.shape === "stream";
    const second = keep(
      await startFaultUpstream(faults.healthy, {
        wire: secondWire(cell.wire),
        stream,
        seen: Promise.resolve(),
      }),
    );
    const gateway = keep(
      await startGateway(documentOf(cell, service.url, second.url), { clock: patientClock() }),
    );
    const result = await runCell(cell, gateway, service);
    if (fallsBack(cell.ending)) {
      expectFallenBack(cell, result);
      expectSentOn(cell, service, second);
    } else {
      await expectEnding(cell, result);
      expect(second.connections).toHaveLength(0);
    }
    await expectNothingLeftOpen(cell, service);
    result.client.destroy();
  });
});

/** What the second has consumed, and what the first says that it had, though its answer was none. */
function usageWith({ usage }: ProtocolCase, { attempts }: Result["record"]): ProtocolCase["usage"] {
  let { inputTokens, outputTokens } = usage;
  for (const { usage: told } of attempts) {
    if (told === undefined) continue;
    expect(told.inputTokens).toBe(usage.inputTokens);
    expect(told.outputTokens).toBeLessThanOrEqual(usage.outputTokens);
    inputTokens += told.inputTokens;
    outputTokens += told.outputTokens;
  }
  return { inputTokens, outputTokens };
}

/** The client has the second's answer and no word of the first's; the record has both. */
function expectFallenBack({ wire, shape, ending, sends = 1 }: Cell, { answer, record }: Result): void {
  const stream = shape === "stream";
  expect(answer).toMatchObject({ status: 200, complete: true });
  expect(answer.text()).toBe(healthyBody({ wire: secondWire(wire), stream }));
  expect(answer.header("x-moongate-fallback-from")).toBe("up");
  expect(answer.header("x-moongate-service")).toBe("second");
  expect(answer.header("x-moongate-model")).toBe(wire.model);
  expect(answer.header("x-moongate-attempts")).toBe(String(sends + 1));
  for (const left of ["retry-after", "location", "x-echo", "content-encoding"]) {
    expect(answer.header(left), left).toBeUndefined();
  }
  expect(record).toMatchObject({
    stream,
    status: 200,
    upstreamStatus: 200,
    outcome: "ok",
    errorCode: "",
    service: "second",
    model: wire.model,
    fallbackFrom: "up",
    usage: usageWith(wire, record),
  });
  expect(record.attempts).toHaveLength(sends + 1);
  const [failed, answered] = record.attempts.slice(-2);
  if (!("reason" in ending)) throw new Error("an ending without a trigger cannot fall back");
  expect(failed).toMatchObject({
    service: "up",
    key: "main",
    outcome: ending.kind === "refused" ? ending.attempt : "upstream_error",
    reason: ending.reason,
    nextAction: "fallback",
    ttftMs: null,
  });
  expect(answered).toMatchObject({
    service: "second",
    key: "other",
    status: 200,
    outcome: "ok",
    reason: "",
    nextAction: "none",
  });
}

/** The second was sent what the client sent, but for the usage option, with its own key and not the first one's. */
function expectSentOn({ wire, shape }: Cell, { upstream }: BrokenService, second: RawUpstream): void {
  expect(second.requests).toHaveLength(1);
  const sent = second.requests[0];
  const stream = shape === "stream";
  const asked = stream && wire.protocol === "openai" ? '{"stream_options":{"include_usage":true},' : "{";
  expect(sent?.body.toString()).toBe(wire.request(stream).replace("{", asked));
  const head = sent?.head.toString("latin1") ?? "";
  expect(head).toContain(secondKey);
  expect(head).not.toContain("sk-provider-canary");
  const failed = upstream?.requests.at(-1);
  expect(failed?.body ?? sent?.body).toEqual(sent?.body);
}
