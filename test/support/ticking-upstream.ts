// A model service whose streams send one event whenever the test says so, marked with the service's and the stream's name.
// Must not know the gateway.
import { streamHead } from "./fault-upstream.ts";
import { chunk } from "./raw-client.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./raw-upstream.ts";

export interface TickingUpstream extends RawUpstream {
  /** Sends the next event to every open stream. */
  tick(): void;
  /** Ends every open stream honestly. */
  finish(): void;
}

/** The name that a client gave its stream: its model. */
function nameOf(request: UpstreamRequest): string {
  const body: unknown = JSON.parse(request.body.toString("utf8"));
  return typeof body === "object" && body !== null && "model" in body ? String(body.model) : "";
}

/** The event that stream `name` of service `mark` gets at its `count`th tick, from 0. */
export function tickEvent(mark: string, name: string, count: number): string {
  const choices = [{ index: 0, delta: { content: `${mark}/${name}/${count} ` }, finish_reason: null }];
  return `data: ${JSON.stringify({ object: "chat.completion.chunk", choices })}\n\n`;
}

/** What every stream ends with. */
export const tickEnd = `data: ${JSON.stringify({
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
})}\n\ndata: [DONE]\n\n`;

interface OpenStream {
  readonly name: string;
  readonly request: UpstreamRequest;
  sent: number;
}

/** Starts a service that marks its events with `mark`; a new stream gets its first event at once. */
export async function startTickingUpstream(mark: string): Promise<TickingUpstream> {
  const open: OpenStream[] = [];
  const write = (stream: OpenStream, text: string, last = false): void => {
    stream.request.connection.socket.write(chunk(Buffer.from(text), last));
  };
  const sendNext = (stream: OpenStream): void => {
    write(stream, tickEvent(mark, stream.name, stream.sent));
    stream.sent += 1;
  };
  const upstream = await startRawUpstream({
    onRequest: (request) => {
      const stream = { name: nameOf(request), request, sent: 0 };
      request.connection.socket.write(streamHead());
      sendNext(stream);
      open.push(stream);
    },
  });
  return {
    ...upstream,
    tick: () => open.forEach(sendNext),
    finish: () => {
      for (const stream of open.splice(0)) write(stream, tickEnd, true);
    },
  };
}
