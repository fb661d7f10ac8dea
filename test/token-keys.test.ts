// Public keys that are fetched from an identity provider, over sockets: what is taken, what is not, what is never asked.
import { generateKeyPairSync } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { startGateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { exchange } from "./support/raw-client.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const issuer = "https://idp.test";
const pair = generateKeyPairSync("ed25519");
const keys = { keys: [{ ...pair.publicKey.export({ format: "jwk" }), kid: "a" }] };

/** A provider of keys; tells how often each path was asked for. */
async function startProvider(answer: (path: string, response: ServerResponse, url: string) => void) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request.url ?? "", response, `http://127.0.0.1:${port}`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  // It listens on a port of this machine.
  const { port } = server.address() as AddressInfo;
  keep({
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return { asked, url: `http://127.0.0.1:${port}/jwks` };
}

async function start(jwksUrl: string, upstreamNetworks: "private" | "public" = "private") {
  const upstream = keep(await startRawUpstream());
  const gateway = keep(
    await startGateway(
      {
        services: [serviceAt(upstream.url, "openai", { models: [{ name: "m" }] })],
        consumers: [
          { name: "app", credentials: [{ type: "jwt", name: "idp", issuer, jwksUrl, claimValue: "app" }] },
        ],
        // Its list of models is answered without the service.
        modelApis: [
          apiOf("openai", {
            modelService: { mode: "by-model-name", rules: [{ pattern: "m", target: { service: "up" } }] },
            auth: { enabled: true, grants: [{ consumer: "app" }] },
          }),
        ],
      },
      { upstreamNetworks },
    ),
  );
  return async (header: object = {}) => {
    const claims = new SignJWT({ iss: issuer, sub: "app" }).setExpirationTime("1h");
    const token = await claims.setProtectedHeader({ alg: "EdDSA", ...header }).sign(pair.privateKey);
    const headers = [["authorization", `Bearer ${token}`]] as const;
    return (await exchange(gateway.port, { method: "GET", path: "/v1/models", headers })).status;
  };
}

test("are fetched when a token first needs them, once for all that come", async () => {
  const provider = await startProvider((_path, response) => response.end(JSON.stringify(keys)));
  const ask = await start(provider.url);
  expect(provider.asked).toEqual([]);
  expect(await Promise.all([ask(), ask({ kid: "a" }), ask({ typ: "JWT" })])).toEqual([200, 200, 200]);
  expect(provider.asked).toEqual(["/jwks"]);
});

test("forged kids do not make the gateway ask again and again", async () => {
  const provider = await startProvider((_path, response) => response.end(JSON.stringify(keys)));
  const ask = await start(provider.url);
  const forged = Array.from({ length: 50 }, (_, index) => ask({ kid: `forged-${index}` }));
  expect(new Set(await Promise.all(forged))).toEqual(new Set([401]));
  expect([await ask(), provider.asked.length]).toEqual([200, 1]);
});

test.each<[string, (path: string, response: ServerResponse, url: string) => void]>([
  [
    "behind a redirect",
    (path, response, url) => {
      if (path === "/real") response.end(JSON.stringify(keys));
      else response.writeHead(302, { location: `${url}/real` }).end();
    },
  ],
  [
    "in more than 256 KiB",
    (_path, response) => response.end(JSON.stringify({ ...keys, x: "x".repeat(262_144) })),
  ],
  ["with a status that is not 200", (_path, response) => response.writeHead(203).end(JSON.stringify(keys))],
  [
    "that are cut off",
    (_path, response) =>
      response.writeHead(200, { "content-length": "999" }).write("{", () => response.destroy()),
  ],
])("keys %s are not taken, and nothing else is asked for", async (_name, answer) => {
  const provider = await startProvider(answer);
  const ask = await start(provider.url);
  expect([await ask(), provider.asked]).toEqual([401, ["/jwks"]]);
});

test("an address that services may not have is not asked for keys", async () => {
  const provider = await startProvider((_path, response) => response.end(JSON.stringify(keys)));
  const ask = await start(provider.url, "public");
  expect([await ask(), provider.asked]).toEqual([401, []]);
});
