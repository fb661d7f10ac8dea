// What translation adds: CPU per kilobyte of request and per event of a stream, for every pair of a client's and a service's
// protocol that has recordings, beside the floor of parsing the same JSON and writing it again. `npm run bench:translation`
import { noTraits } from "../../src/core/model-traits.ts";
import type { RouteProtocol, ServiceProtocol } from "../../src/core/protocol.ts";
import { translatedPairs, translatedTo } from "../../src/core/translated-pairs.ts";
import { SseDecoder } from "../../src/lib/sse.ts";
import { readBody } from "../../src/translators/conversation.ts";
import type { Translation } from "../../src/translators/translated-call.ts";
import { TranslationNotes } from "../../src/translators/translation-notes.ts";
import { translationOf } from "../../src/translators/translations.ts";
import { loadRecordings, type Recording } from "../../test/support/recordings.ts";

/** Where the requests of a client's protocol, and the streams of a service's, are recorded. */
const folders: Readonly<Record<string, string>> = {
  openai: "openai-chat",
  "openai-responses": "openai-responses",
  anthropic: "anthropic",
  gemini: "gemini",
  bedrock: "bedrock-converse",
  dashscope: "dashscope",
};

const rounds = 15;
const roundMs = 40;

interface Priced {
  readonly translated: number;
  readonly floor: number;
}

const cpuMicros = (): number => process.cpuUsage().user;

/** CPU microseconds of one call, the median of rounds that each last long enough to be measured. */
function priceOf(work: () => void): number {
  let calls = 1;
  for (let took = 0; took < roundMs * 1_000; calls *= 2) {
    const start = cpuMicros();
    for (let call = 0; call < calls; call += 1) work();
    took = cpuMicros() - start;
  }
  const prices = Array.from({ length: rounds }, () => {
    const start = cpuMicros();
    for (let call = 0; call < calls; call += 1) work();
    return (cpuMicros() - start) / calls;
  });
  return prices.toSorted((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0;
}

function begun(pair: Pair, body: unknown, stream: boolean): Translation {
  const translate = translationOf(pair.client, "chat", pair.service);
  if (translate === undefined) throw new Error(`no translation from ${pair.client} to ${pair.service}`);
  const notes = new TranslationNotes({ strict: false, passFields: [], service: pair.service });
  const context = {
    model: "m",
    traits: noTraits,
    notes,
    media: new Map(),
    nowSeconds: 0,
    newId: () => "x".repeat(24),
  };
  return translate({ body, model: "m", stream }, context);
}

interface Pair {
  readonly client: RouteProtocol;
  readonly service: ServiceProtocol;
}

/** Requests that this pair can express, as they were recorded. */
function requestsOf(pair: Pair): Buffer[] {
  return loadRecordings(folders[pair.client] ?? "").flatMap(({ requestBody, protocol }) => {
    if (requestBody === undefined || !protocol.startsWith(pair.client)) return [];
    try {
      begun(pair, readBody(requestBody), false).calls(new Map());
      return [requestBody];
    } catch {
      return [];
    }
  });
}

/** In microseconds per kilobyte. */
function requestPrice(pair: Pair): Priced | undefined {
  const requests = requestsOf(pair);
  if (requests.length === 0) return undefined;
  const kilobytes = requests.reduce((sum, { length }) => sum + length, 0) / 1_024;
  const translated = priceOf(() => {
    for (const bytes of requests) {
      for (const { body } of begun(pair, readBody(bytes), false).calls(new Map())) JSON.stringify(body);
    }
  });
  const floor = priceOf(() => {
    for (const bytes of requests) JSON.stringify(JSON.parse(bytes.toString()));
  });
  return { translated: translated / kilobytes, floor: floor / kilobytes };
}

/** In microseconds per event, finding the events in their bytes included on both sides. */
function streamPrice(pair: Pair): Priced | undefined {
  const asked = { model: "m", messages: [{ role: "user", content: "Hi" }], max_tokens: 100, stream: true };
  const body = requestsOf(pair).map(readBody)[0] ?? asked;
  const streams = loadRecordings(folders[pair.service] ?? "").filter(
    (recording: Recording) => recording.stream && recording.status === 200,
  );
  let events = 0;
  const read = (count: boolean, bytes: Buffer): void => {
    const stream = begun(pair, body, true).stream(false);
    const listener = (name: string, data: Buffer): void => {
      if (count) events += 1;
      stream.event(name, data);
    };
    stream.decoder.push(bytes, listener);
    stream.decoder.finish(listener);
    stream.end();
  };
  for (const { body: bytes } of streams) read(true, bytes);
  if (events === 0) return undefined;
  const translated = priceOf(() => {
    for (const { body: bytes } of streams) read(false, bytes);
  });
  const floor = priceOf(() => {
    for (const { body: bytes } of streams) floorOf(pair, body, bytes);
  });
  return { translated: translated / events, floor: floor / events };
}

/** Every event parsed and written again. */
function floorOf(pair: Pair, body: unknown, bytes: Buffer): void {
  const decoder =
    pair.service === "bedrock" ? begun(pair, body, true).stream(false).decoder : new SseDecoder();
  const listener = (_name: string, data: Buffer): void => {
    const text = data.toString();
    if (text.startsWith("{")) JSON.stringify(JSON.parse(text));
  };
  decoder.push(bytes, listener);
  decoder.finish(listener);
}

function shown(price: Priced | undefined, unit: string): string {
  if (price === undefined) return "not recorded".padEnd(44);
  const { translated, floor } = price;
  const added = (translated - floor).toFixed(1).padStart(6);
  return `${added} us ${unit} added (${translated.toFixed(1)} over ${floor.toFixed(1)})`.padEnd(44);
}

// The table's keys are names of protocols.
const clients = Object.keys(translatedPairs) as RouteProtocol[];
const pairs = clients.flatMap((client): Pair[] =>
  translatedTo(client, "chat").map((service) => ({ client, service })),
);
for (const pair of pairs) {
  const own = pair.client === pair.service;
  if (own || translationOf(pair.client, "chat", pair.service) === undefined) continue;
  const request = shown(requestPrice(pair), "per KB");
  const stream = shown(streamPrice(pair), "per event");
  process.stdout.write(`${`${pair.client} -> ${pair.service}`.padEnd(32)}${request}  ${stream}\n`);
}
