// A service with several chat models in OpenAI's protocol, which answers each with its name and keeps what it was asked. Must
// not know the gateway.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ModelService {
  readonly url: string;
  /** Models of the requests so far. */
  readonly asked: string[];
  /** Status of every answer from now on. */
  status: number;
  close(): Promise<void>;
}

export async function startModelService(): Promise<ModelService> {
  const service = {
    url: "",
    asked: [] as string[],
    status: 200,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(pieces).toString()) as { model: string; stream?: boolean };
      service.asked.push(body.model);
      if (service.status !== 200) refuse(response, service.status);
      else if (body.stream === true) stream(response, body.model);
      else answer(response, body.model);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return service;
}

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { message: "Out of order.", type: "server_error" } }));
}

function answer(response: ServerResponse, model: string): void {
  response.writeHead(200, { "content-type": "application/json" });
  const message = { role: "assistant", content: `I am ${model}.` };
  response.end(
    JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion",
      model,
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage,
    }),
  );
}

function stream(response: ServerResponse, model: string): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const chunk = (delta: object, reason: string | null) =>
    `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", model, choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
  response.write(chunk({ role: "assistant", content: `I am ${model}.` }, null));
  response.write(chunk({}, "stop"));
  response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
}
