// One service that says what a test wants, behind a Model API whose content is checked; what clients ask and services say of
// OpenAI's chats. Must not know what a suite is about.
import { apiOf, serviceAt, type TestDocument } from "./configuration.ts";
import { startGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
import type { Keep } from "./keeper.ts";
import type { CaseProtocol } from "./protocol-cases.ts";
import { RawClient, type Answer, type RequestParts } from "./raw-client.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./raw-upstream.ts";

export interface ModerationScene {
  readonly gateway: Gateway;
  readonly upstream: RawUpstream;
  /** Bodies that the service got. */
  readonly bodies: string[];
}

export async function moderationScene(
  keep: Keep,
  respond: (request: UpstreamRequest) => void,
  moderation: Readonly<Record<string, unknown>>,
  { protocol = "openai", ...options }: GatewayOptions & { readonly protocol?: CaseProtocol } = {},
): Promise<ModerationScene> {
  const bodies: string[] = [];
  const upstream = keep(
    await startRawUpstream({
      onRequest: (request) => {
        bodies.push(request.body.toString());
        respond(request);
      },
    }),
  );
  const document: TestDocument = {
    services: [serviceAt(upstream.url, protocol)],
    modelApis: [apiOf(protocol, { moderation, retries: { max: 0 } })],
  };
  return { gateway: keep(await startGateway(document, options)), upstream, bodies };
}

export const streamHead =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
export const framed = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

export function whole(body: string, type = "application/json") {
  return ({ connection }: UpstreamRequest): void => {
    const length = Buffer.byteLength(body);
    connection.socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n${body}`,
    );
  };
}

export function streamed(events: readonly string[]) {
  return ({ connection }: UpstreamRequest): void => {
    connection.socket.write(
      streamHead + events.map(framed).join("") + framed("").replace("\r\n\r\n", "\r\n\r\n"),
    );
  };
}

export async function asked(gateway: Gateway, parts: Partial<RequestParts> = {}): Promise<Answer> {
  const client = await RawClient.connect(gateway.port);
  const got = await client.request({
    method: "POST",
    path: "/v1/chat/completions",
    body: ask("Hi"),
    ...parts,
  });
  client.destroy();
  return got;
}

export const ask = (content: unknown, more = {}): string =>
  JSON.stringify({ model: "m", ...more, messages: [{ role: "user", content }] });
export const said = (content: string): string =>
  JSON.stringify({
    id: "c1",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  });
export const chunk = (content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
export const done = "data: [DONE]\n\n";
