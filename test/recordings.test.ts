// Recorded answers of real services through the gateway to raw clients: byte for byte, however they are cut.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bothProtocols } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { RawClient } from "./support/raw-client.ts";
import { recordedUsage } from "./support/recorded-usage.ts";
import { cuttings, startReplayUpstream, type ReplayUpstream } from "./support/replay-upstream.ts";
import { named } from "./support/named.ts";
import { replayed } from "./support/replayed-requests.ts";

let upstream: ReplayUpstream;
let gateway: Gateway;
let client: RawClient;

beforeAll(async () => {
  upstream = await startReplayUpstream();
  gateway = await startGateway(bothProtocols(upstream.url));
  client = await RawClient.connect(gateway.port);
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
  await upstream.close();
});

describe.each(cuttings)(`${replayed.length} recordings cut into pieces: %s`, (cutting) => {
  test.each(named(replayed))("%s", async (_name, recording) => {
    upstream.play(recording, cutting);
    client.send(gateway.bytes({ path: `/${recording.client}${recording.path}`, body: recording.request }));
    const answer = await client.answer();
    expect(answer).toMatchObject({ status: recording.status, complete: true });
    expect(answer.header("content-type")).toBe(recording.contentType);
    // Compared as text first, for a readable difference; then as bytes, which alone counts.
    expect(answer.text()).toBe(recording.body.toString("utf8"));
    expect(answer.body.equals(recording.body)).toBe(true);
    const record = await gateway.record(answer.header("x-request-id"));
    // What count_tokens has counted was not consumed.
    const consumes = recording.status === 200 && recording.protocol !== "anthropic-count-tokens";
    const usage = consumes ? recordedUsage(recording) : undefined;
    expect(record).toMatchObject({ status: recording.status, stream: recording.stream });
    if (!consumes) expect(record.usage).toBeNull();
    else if (usage === undefined) {
      expect(record.usage).toMatchObject({ estimated: true, cachedInputTokens: 0, reasoningTokens: 0 });
      expect(record.usage?.inputTokens).toBeGreaterThan(0);
    } else expect(record.usage).toMatchObject({ ...usage, estimated: false });
  });
});

describe("defect 19: streams whose client did not ask for usage get none", () => {
  const asked = replayed.filter(
    (recording) => recording.stream && recording.request.includes('"include_usage":true'),
  );
  const rows = asked.map((recording) => {
    const request = recording.request.replace(/,?"stream_options":\{"include_usage":true\}/, "");
    const events = recording.body.toString("utf8").split(/(?<=\n\n)/);
    const kept = events.filter((event) => !isUsageOnly(event, events));
    return { ...recording, request, events, kept };
  });
  const surplus = rows.filter(({ events, kept }) => kept.length < events.length);

  const title = `${rows.length} recordings, ${surplus.length} of them with a chunk for usage only`;
  test.each(named(rows))(`${title}: %s`, async (_name, row) => {
    for (const cutting of cuttings) {
      upstream.play(row, cutting);
      client.send(gateway.bytes({ path: `/openai${row.path}`, body: row.request }));
      const answer = await client.answer();
      expect(answer.text(), `cut: ${cutting}`).toBe(row.kept.join(""));
      const sent = JSON.parse(upstream.requests.at(-1)?.body.toString("utf8") ?? "") as unknown;
      expect(sent).toMatchObject({ stream: true, stream_options: { include_usage: true } });
      const record = await gateway.record(answer.header("x-request-id"));
      expect(record.usage).toMatchObject({ ...recordedUsage(row) });
    }
  });

  test("at least four recordings have a chunk that only reports usage", () => {
    expect(surplus.length).toBeGreaterThanOrEqual(4);
  });
});

/** `choices: []` with a usage object, after the last finish_reason. */
function isUsageOnly(event: string, events: readonly string[]): boolean {
  const data = /^data:(.*)$/m.exec(event)?.[1] ?? "";
  if (!data.trim().startsWith("{")) return false;
  const chunk: unknown = JSON.parse(data);
  if (typeof chunk !== "object" || chunk === null || !("choices" in chunk) || !("usage" in chunk))
    return false;
  const empty = Array.isArray(chunk.choices) && chunk.choices.length === 0;
  const finished = events.findLastIndex((other) => /"finish_reason":\s*"/.test(other));
  return (
    empty &&
    typeof chunk.usage === "object" &&
    chunk.usage !== null &&
    finished !== -1 &&
    events.indexOf(event) > finished
  );
}
