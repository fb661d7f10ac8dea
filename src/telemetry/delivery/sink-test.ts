// Sends one made-up record to a sink and tells what came of it. Keeps no place and writes no dead letter.
import { randomUUID } from "node:crypto";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { codeOf, failureWords } from "../../lib/failure-words.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type { SinkTest, SinkTestRequest } from "../delivery-answers.ts";
import type { DeliveryPorts } from "./delivery-ports.ts";
import { fileReceiver, partsOf, type ReceiverSurroundings } from "./receivers.ts";
import type { Delivered } from "./receiver.ts";
import type { Sink } from "./sink-config.ts";

const deadlineMs = 10_000;

interface PartResult {
  readonly ok: boolean;
  readonly message: string;
}

/** Never throws. */
export async function testSink(sink: Sink, surroundings: ReceiverSurroundings): Promise<SinkTest> {
  const { clock } = surroundings.ports;
  const startedMs = clock.monotonicMs();
  const requests: SinkTestRequest[] = [];
  const watched = { ...surroundings, ports: watching(surroundings.ports, requests) };
  const results =
    sink.type === "file"
      ? [await testFile(sink, surroundings.dataDir)]
      : await Promise.all(
          partsOf(sink, watched).map(({ part, receiver }) => testPart(part, receiver, watched)),
        );
  const failed = results.filter(({ ok }) => !ok);
  return {
    ok: failed.length === 0,
    message: (failed.length === 0 ? results : failed).map(({ message }) => message).join(" "),
    ms: clock.monotonicMs() - startedMs,
    requests,
  };
}

async function testFile(sink: Sink & { type: "file" }, dataDir: string): Promise<PartResult> {
  try {
    await fileReceiver(sink, dataDir).check();
    return { ok: true, message: "The file can be written." };
  } catch (error) {
    const code = error instanceof Error ? codeOf(error) : "unknown";
    return { ok: false, message: `The file cannot be written (${code}).` };
  }
}

async function testPart(
  part: string,
  receiver: ReturnType<typeof partsOf>[number]["receiver"],
  { ports, sender }: ReceiverSurroundings,
): Promise<PartResult> {
  const deadline = new AbortController();
  const cancel = ports.timers.after(deadlineMs, () => deadline.abort());
  const record = madeUpRecord(ports.clock.wallMs(), sender.instance);
  const what = part === "records" ? "" : `${part}: `;
  try {
    const delivered = await receiver.deliver([record], deadline.signal);
    return { ok: isTaken(delivered), message: `${what}${sentenceOf(delivered)}` };
  } catch (error) {
    const late = `No answer within ${deadlineMs / 1000} s.`;
    return { ok: false, message: `${what}${deadline.signal.aborted ? late : networkWords(error)}` };
  } finally {
    cancel();
    await receiver.close();
  }
}

function isTaken(delivered: Delivered): boolean {
  return delivered.kind === "taken" && delivered.rejected === 0;
}

function sentenceOf(delivered: Delivered): string {
  return delivered.kind === "taken" && delivered.message === "" ? "Taken." : delivered.message;
}

function networkWords(error: unknown): string {
  if (!(error instanceof Error)) return "The connection failed.";
  return failureWords(codeOf(error.cause instanceof Error ? error.cause : error));
}

/** The same network, and a list of what was sent on it. */
function watching(ports: DeliveryPorts, requests: SinkTestRequest[]): DeliveryPorts {
  return {
    ...ports,
    post: async (request) => {
      const startedMs = ports.clock.monotonicMs();
      const { origin, pathname } = new URL(request.url);
      const note = (status: number): void =>
        void requests.push({
          method: "POST",
          url: `${origin}${pathname}`,
          bytes: request.body.length,
          status,
          ms: ports.clock.monotonicMs() - startedMs,
        });
      try {
        const answer = await ports.post(request);
        note(answer.status);
        return answer;
      } catch (error) {
        note(0);
        throw error;
      }
    },
  };
}

/** To be told from a real one by its request id, its Model API and its path. */
function madeUpRecord(wallMs: number, instance: string): ExchangeRecord {
  const id = randomUUID();
  return {
    requestId: `moongate-test-${id}`,
    traceId: id.replaceAll("-", ""),
    time: isoTime(wallMs),
    instance,
    api: "moongate-test",
    route: "moongate-test",
    protocol: "openai",
    method: "POST",
    path: "/moongate-test",
    domain: "",
    consumer: "",
    credential: "",
    resourceGroup: "default",
    clientIp: "",
    stream: false,
    requestedModel: "",
    service: "",
    model: "",
    upstreamStatus: 0,
    status: 200,
    outcome: "ok",
    errorCode: "",
    decision: null,
    attempts: [],
    fallbackFrom: "",
    ttftMs: null,
    durationMs: 1,
    overheadMs: 1,
    usage: null,
    costUsd: null,
    cache: "skip",
    moderation: [],
    rateLimit: "",
    warnings: [],
  };
}
