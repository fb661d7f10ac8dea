// A model service of a test's own: streams what it is told, and knows when it is left. Speaks OpenAI's chat alone.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Changes } from "../../support/changes.ts";

export interface Upstream {
  readonly url: string;
  /** Bodies of requests, in order. */
  readonly asked: readonly string[];
  /** Headers `authorization` of requests, in order; empty where there was none. */
  readonly authorizations: readonly string[];
  /** Resolves when a client has left before its answer ended. */
  left(): Promise<true>;
  close(): Promise<void>;
}

export interface UpstreamAnswer {
  /** Of a good answer: its text. `null`: a stream begins and never ends. */
  readonly text: string | null;
  /** Answers with this status and `text` as its body's message. */
  readonly status?: number;
}

const chunk = (content: string): string =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] })}\n\n`;

export async function startUpstream(answer: UpstreamAnswer): Promise<Upstream> {
  const asked: string[] = [];
  const authorizations: string[] = [];
  const changes = new Changes();
  let hasLeft = false;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes: Buffer) => {
      body += bytes.toString("utf8");
    });
    request.on("end", () => {
      asked.push(body);
      authorizations.push(request.headers.authorization ?? "");
      reply(response, answer);
    });
    response.on("close", () => {
      if (response.writableFinished) return;
      hasLeft = true;
      changes.notify();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // The address of a server that listens on a port is of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    authorizations,
    left: () => changes.until(() => (hasLeft ? true : undefined)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function reply(response: ServerResponse, { text, status = 200 }: UpstreamAnswer): void {
  if (status !== 200) {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: text, type: "invalid_request_error", code: text } }));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (text === null) {
    response.write(chunk("It begins"));
    return;
  }
  for (const piece of text.match(/[\s\S]{1,7}/gu) ?? []) response.write(chunk(piece));
  response.end(
    `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`,
  );
}
