// U33: a service whose TLS is not good is never spoken to, and costs a fallback like any other that cannot be reached.
import { once } from "node:events";
import { createServer } from "node:https";
import { connect, getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthority, selfSigned, type Identity } from "./support/certificate.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { startScene } from "./support/fault-scene.ts";
import { healthyAnswer, healthyBody } from "./support/fault-upstream.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const trusted = createAuthority("trusted test authority");
const stranger = createAuthority("an authority that nobody trusts");
const before = getCACertificates("default");
const now = { validFromDays: -1, validToDays: 2 };

beforeAll(() => setDefaultCACertificates([...before, trusted.cert]));
afterAll(() => setDefaultCACertificates(before));

/** A service to connect to, and how many requests came through to it. */
interface Service {
  readonly url: URL;
  readonly requests: () => number;
}

interface Context {
  readonly wire: ProtocolCase;
  readonly stream: boolean;
}

/** A healthy service behind TLS. */
async function serveTls(identity: Identity, { wire, stream }: Context): Promise<Service> {
  let requests = 0;
  const server = createServer(identity, (request, response) => {
    requests += 1;
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": stream ? "text/event-stream" : "application/json" });
      response.end(healthyBody({ wire, stream }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  keep({
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
  return { url: new URL(`https://localhost:${address.port}`), requests: () => requests };
}

/** A service that speaks no TLS at all. */
async function servePlain(react: "answers" | "is silent" | "hangs up", context: Context): Promise<Service> {
  const upstream = keep(
    await startRawUpstream({
      onConnection: ({ socket }) => {
        if (react === "is silent") return;
        socket.once("data", () => {
          if (react === "answers") socket.write(healthyAnswer(context));
          else socket.end();
        });
      },
    }),
  );
  return { url: new URL(`https://localhost:${upstream.port}`), requests: () => upstream.requests.length };
}

interface Row {
  readonly name: string;
  readonly serve: (context: Context) => Promise<Service>;
  readonly connectMs?: number;
  /** Code with which a client that checks everything refuses it: the row's fault is its only one. */
  readonly reason?: string;
}

const rows: readonly Row[] = [
  {
    name: "an expired certificate",
    reason: "CERT_HAS_EXPIRED",
    serve: (context) =>
      serveTls(trusted.issue({ name: "localhost", validFromDays: -30, validToDays: -1 }), context),
  },
  {
    name: "a certificate that is not valid yet",
    reason: "CERT_NOT_YET_VALID",
    serve: (context) =>
      serveTls(trusted.issue({ name: "localhost", validFromDays: 2, validToDays: 9 }), context),
  },
  {
    name: "a certificate for another host",
    reason: "ERR_TLS_CERT_ALTNAME_INVALID",
    serve: (context) => serveTls(trusted.issue({ name: "elsewhere.test", ...now }), context),
  },
  {
    name: "a self-signed certificate",
    reason: "DEPTH_ZERO_SELF_SIGNED_CERT",
    serve: (context) => serveTls(selfSigned({ name: "localhost", ...now }), context),
  },
  {
    name: "a certificate of an unknown authority",
    reason: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    serve: (context) => serveTls(stranger.issue({ name: "localhost", ...now }), context),
  },
  { name: "plain HTTP on a TLS port", serve: (context) => servePlain("answers", context) },
  { name: "a hang-up in the handshake", serve: (context) => servePlain("hangs up", context) },
  {
    name: "a handshake that stalls",
    serve: (context) => servePlain("is silent", context),
    connectMs: 150,
  },
];

const cells = rows.flatMap((row) =>
  protocolCases.flatMap((wire) =>
    [false, true].flatMap((stream) =>
      [false, true].map((fallback) => {
        const name = `U33 ${row.name}, ${wire.protocol} ${stream ? "stream" : "plain"}`;
        const ending = fallback ? "the second answers" : "502 upstream_unreachable";
        return { ...row, wire, stream, fallback, name: `${name}: ${ending}` };
      }),
    ),
  ),
);

describe(`${cells.length} cells of TLS fault x protocol x plain or streamed x fallback or none`, () => {
  test.each(named(cells))("%s", async (_name, { serve, connectMs = 20_000, wire, stream, fallback }) => {
    const service = await serve({ wire, stream });
    const first = { fault: service.url, fields: { timeouts: { connectMs } } };
    const scene = await startScene(keep, fallback ? [first, "healthy"] : [first], { wire, stream });
    const { answer, attempts, record } = await scene.ask();
    expect(attempts[0]).toMatchObject({
      service: "s0",
      status: 0,
      outcome: "upstream_error",
      reason: "network-error",
      nextAction: fallback ? "fallback" : "none",
    });
    expect(attempts).toHaveLength(fallback ? 2 : 1);
    if (fallback) {
      expect(answer.text()).toBe(healthyBody({ wire, stream }));
      expect(record).toMatchObject({ outcome: "ok", fallbackFrom: "s0", service: "s1" });
    } else {
      expectOwnError(answer, { protocol: wire.protocol, status: 502, code: "upstream_unreachable" });
      expect(record).toMatchObject({ outcome: "upstream_error", errorCode: "upstream_unreachable" });
    }
    // Not a byte of the request, and so no key, has gone there.
    expect(service.requests()).toBe(0);
  });
});

test.each(named(rows.filter(({ reason }) => reason !== undefined)))(
  "%s is refused for nothing else",
  async (_name, { serve, reason }) => {
    const [wire] = protocolCases as readonly [ProtocolCase];
    const { url } = await serve({ wire, stream: false });
    const socket = connect({ host: "localhost", port: Number(url.port), servername: "localhost" });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe(reason);
  },
);

describe.each(protocolCases)("$protocol", (wire) => {
  test.each([false, true])("a good certificate is accepted (stream: %s)", async (stream) => {
    const service = await serveTls(trusted.issue({ name: "localhost", ...now }), { wire, stream });
    const scene = await startScene(keep, [service.url], { wire, stream });
    const { answer } = await scene.ask();
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.text()).toBe(healthyBody({ wire, stream }));
    expect(service.requests()).toBe(1);
  });

  test("TLS where plain HTTP is configured is broken HTTP", async () => {
    const service = await serveTls(trusted.issue({ name: "localhost", ...now }), { wire, stream: false });
    const scene = await startScene(keep, [new URL(service.url.origin.replace("https", "http"))], { wire });
    const { answer, attempts } = await scene.ask();
    expectOwnError(answer, { protocol: wire.protocol, status: 502, code: "upstream_error" });
    expect(attempts).toMatchObject([{ reason: "network-error" }]);
    expect(service.requests()).toBe(0);
  });
});
