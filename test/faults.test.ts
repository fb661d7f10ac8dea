// What becomes of a request whose only model service breaks, in every way of the fault catalogue, over real sockets.
// U29, U30: `ejected-targets.test.ts`, `storms.test.ts`. U32: `failed-dns.test.ts`. U33: `failed-tls.test.ts`. U34: `full-service.test.ts`.
import { describe, expect, test } from "vitest";
import { singleTarget } from "./support/configuration.ts";
import {
  cellTitle,
  describeEnding,
  expectEnding,
  expectNothingLeftOpen,
  runCell,
  startBroken,
  type Cell,
} from "./support/fault-cell.ts";
import { faultTable, noIdle } from "./support/fault-table.ts";
import { startGateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { patientClock } from "./support/patient-clock.ts";
import { protocolCases } from "./support/protocol-cases.ts";

const cells: readonly (readonly [title: string, cell: Cell])[] = faultTable.flatMap((row) =>
  protocolCases.map(
    (wire) => [`${cellTitle(row, wire)}: ${describeEnding(row.ending)}`, { ...row, wire }] as const,
  ),
);

const keep = createKeeper();

describe(`one service breaks: ${cells.length} cells of fault x protocol x plain or streamed`, () => {
  test.each(cells)("%s", async (_title, cell) => {
    const service = await startBroken(cell, keep);
    const { firstPacketMs = 0, ...timeouts } = cell.timeouts ?? noIdle;
    const document = singleTarget(service.url, cell.wire.protocol, {
      service: { timeouts },
      api: { retries: { max: 0 }, firstPacketTimeoutMs: firstPacketMs },
    });
    const gateway = keep(await startGateway(document, { clock: patientClock() }));
    const result = await runCell(cell, gateway, service);
    await expectEnding(cell, result);
    await expectNothingLeftOpen(cell, service);
    result.client.destroy();
  });
});

test("every row of the fault catalogue is in this table or in a suite named above", () => {
  const elsewhere = ["U29", "U30", "U32", "U33", "U34"];
  const here = new Set(cells.map(([title]) => title.split(" ", 1)[0]));
  const all = Array.from({ length: 34 }, (_, index) => `U${index + 1}`);
  expect(all.filter((id) => !here.has(id))).toEqual(elsewhere);
});
