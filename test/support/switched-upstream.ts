// A model service over node:http that answers as the test switches it, for many requests. Must not know the gateway.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What it answers with: the status of an HTTP error, or a good answer. */
export type Switch = 200 | 429 | 500 | 503;

export interface SwitchedUpstream {
  readonly url: string;
  /** What every answer from now on is. */
  answer: Switch;
  /** Requests so far. */
  readonly served: number;
  close(): Promise<void>;
}

const good = JSON.stringify({
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "Good." }, finish_reason: "stop" }],
});
const bad = JSON.stringify({ error: { message: "Out of order.", type: "server_error" } });

export async function startSwitchedUpstream(): Promise<SwitchedUpstream> {
  let served = 0;
  const upstream = {
    url: "",
    answer: 200 as Switch,
    get served() {
      return served;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      served += 1;
      response.writeHead(upstream.answer, { "content-type": "application/json" });
      response.end(upstream.answer === 200 ? good : bad);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return upstream;
}
