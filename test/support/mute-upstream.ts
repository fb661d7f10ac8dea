// Stands before a service and takes out of every answer what it says of consumption. Must not know the gateway.
import { once } from "node:events";
import { createServer, request as ask, type IncomingMessage } from "node:http";

/** Names of the members that tell usage, and names of the same length that nobody reads. */
const renamed = [
  ['"usage"', '"nobod"'],
  ['"usageMetadata"', '"nobodyReadsIt"'],
] as const;

export interface MuteUpstream {
  readonly url: string;
  close(): Promise<void>;
}

/** @param serviceUrl what is asked */
export async function startMuteUpstream(serviceUrl: string): Promise<MuteUpstream> {
  const server = createServer((incoming, out) => {
    const { method, url = "/", headers } = incoming;
    const outgoing = ask(new URL(url, serviceUrl), { method, headers }, (answer) => {
      void textOf(answer).then((text) => {
        out.writeHead(answer.statusCode ?? 502, answer.headers);
        out.end(muted(text), "latin1");
      });
    });
    outgoing.on("error", () => out.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** One character is one byte: nothing else may change. */
async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString("latin1");
}

function muted(text: string): string {
  return renamed.reduce((left, [name, other]) => left.replaceAll(name, other), text);
}
