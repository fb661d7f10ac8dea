// The console over real sockets: files as they were built, pages with their policy, and no way out of the folder.
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi } from "./admin-api-fixture.ts";
import type { ApiFixture } from "./admin-api-fixture.ts";
import { readConsoleFiles } from "./console-files.ts";
import { createConsolePages } from "./console-pages.ts";
import { startAdminServer } from "./server.ts";
import type { AdminServer } from "./server.ts";

const script = `export const text = ${JSON.stringify("moon ".repeat(200))};\n`;
const index =
  '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><script type="module" src="/assets/app-1a2b.js"></script>';

let folder: string;
let fixture: ApiFixture;
let server: AdminServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moongate-console-"));
  const dist = join(folder, "console");
  await mkdir(join(dist, "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "outside of the console");
  await writeFile(join(dist, "index.html"), index);
  await writeFile(join(dist, "favicon.svg"), "<svg/>");
  await writeFile(join(dist, "assets", "app-1a2b.js"), script);
  await writeFile(join(dist, "assets", "app-1a2b.js.br"), brotliCompressSync(script));
  await writeFile(join(dist, "assets", "app-1a2b.js.gz"), gzipSync(script));
  await writeFile(join(dist, "assets", "moon-3c.woff2"), Buffer.from([1, 2, 3]));
  fixture = await openApi({ consoleFiles: await readConsoleFiles(dist) });
  server = await startAdminServer({ host: "127.0.0.1", port: 0, app: fixture.api });
});
afterAll(async () => {
  await server.close();
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

/** Asks in bytes, so that nothing tidies path and encodings up, and gives head and body apart. */
async function ask(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<{ readonly status: number; readonly head: string; readonly body: Buffer }> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(server.port, "127.0.0.1");
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: console\r\nConnection: close\r\n${lines.join("")}\r\n`);
  const bytes: Buffer[] = [];
  for await (const chunk of socket) bytes.push(chunk as Buffer);
  const all = Buffer.concat(bytes);
  const end = all.indexOf("\r\n\r\n");
  const head = all.subarray(0, end).toString("latin1").toLowerCase();
  return { status: Number(head.split(" ")[1]), head, body: all.subarray(end + 4) };
}

const page = { accept: "text/html,application/xhtml+xml" };
const asset = "/assets/app-1a2b.js";
const headerOf = (head: string, name: string) => new RegExp(`^${name}: (.*)$`, "mu").exec(head)?.[1]?.trim();

describe("a page", () => {
  test.each([
    ["the root, whatever is accepted", "/", {}],
    ["the root with a query", "/?theme=dark", page],
    ["a path of the console", "/model-apis/chat/overview", page],
    ["the set-up", "/setup", page],
    ["a path that looks like a file", "/services/gpt-4.1", page],
    ["a path that only begins like the API", "/apis", page],
  ])("%s is index.html", async (_name, path, headers) => {
    const { status, head, body } = await ask(path, headers);
    expect([status, headerOf(head, "content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(body.toString()).toContain("/assets/app-1a2b.js");
  });

  test("has a fresh nonce each time, in the page and in its policy alone", async () => {
    const nonces: (string | undefined)[] = [];
    for (let count = 0; count < 3; count += 1) {
      const answer = await fetch(`http://127.0.0.1:${server.port}/`);
      const policy = answer.headers.get("content-security-policy") ?? "";
      const inPolicy = /style-src 'self' 'nonce-([\w+/=]{24})'/u.exec(policy)?.[1];
      expect(await answer.text()).toContain(`content="${inPolicy}"`);
      nonces.push(inPolicy);
    }
    expect(new Set(nonces).size).toBe(3);
  });

  test("lets in nothing from elsewhere and into no frame", async () => {
    const { head } = await ask("/", page);
    const policy = headerOf(head, "content-security-policy")?.replace(/'nonce-[^']*'/u, "NONCE");
    expect(policy?.split("; ")).toEqual(
      [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' nonce",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
      ].map((line) => line.replace("nonce", "NONCE")),
    );
    expect(headerOf(head, "x-frame-options")).toBe("deny");
    expect(headerOf(head, "x-content-type-options")).toBe("nosniff");
    expect(headerOf(head, "referrer-policy")).toBe("no-referrer");
    expect(headerOf(head, "cross-origin-opener-policy")).toBe("same-origin");
    expect(headerOf(head, "permissions-policy")).toContain("camera=()");
    expect(headerOf(head, "cache-control")).toBe("no-cache");
    expect(headerOf(head, "etag")).toBeUndefined();
  });

  test("HEAD says the same without a body", async () => {
    const { status, head, body } = await ask("/", page, "HEAD");
    expect([status, headerOf(head, "content-type"), body.length]).toEqual([
      200,
      "text/html; charset=utf-8",
      0,
    ]);
  });
});

describe("what is no page", () => {
  test.each([
    ["an unknown address of the API", "/api/v1/nothing", page, 404],
    ["the folder of the API", "/api", page, 404],
    ["a missing asset", "/assets/app-0000.js", page, 404],
    ["the folder of assets", "/assets/", page, 404],
    ["a compressed file by its own name", "/assets/app-1a2b.js.br", page, 404],
    ["something below the health check", "/healthz/x", page, 404],
    ["a path that a script asks for", "/services", { accept: "application/json" }, 404],
    ["an operation without a token", "/api/v1/services", page, 401],
  ])("%s is answered as an error in JSON", async (_name, path, headers, status) => {
    const answer = await ask(path, headers);
    expect([answer.status, headerOf(answer.head, "content-type")]).toEqual([
      status,
      "application/json; charset=utf-8",
    ]);
    expect(headerOf(answer.head, "content-security-policy")).toContain("default-src 'none'; base-uri");
    expect(headerOf(answer.head, "cache-control")).toBe("no-store");
  });

  test("another method than GET and HEAD", async () => {
    expect((await ask("/", page, "POST")).status).toBe(404);
    expect((await ask(asset, {}, "DELETE")).status).toBe(404);
  });

  test.each([
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/assets/..\\..\\secret.txt",
    "/assets/%5c..%5c..%5csecret.txt",
    "/assets/....//....//secret.txt",
    "//secret.txt",
    "/%00/../secret.txt",
    "/assets/app-1a2b.js%00.txt",
    "/assets//app-1a2b.js",
    "/etc/passwd",
  ])("%s leads nowhere", async (path) => {
    const { status, body } = await ask(path);
    expect([400, 404]).toContain(status);
    expect(body.toString()).not.toContain("outside");
  });
});

describe("a file", () => {
  test.each([
    ["br, gzip, deflate", "br", brotliDecompressSync],
    ["gzip", "gzip", gunzipSync],
    ["gzip;q=1.0, br;q=0", "gzip", gunzipSync],
    ["*", "br", brotliDecompressSync],
    ["GZIP", "gzip", gunzipSync],
    ["identity", undefined, (bytes: Buffer) => bytes],
    ["", undefined, (bytes: Buffer) => bytes],
    ["*;q=0", undefined, (bytes: Buffer) => bytes],
    ["deflate, zstd", undefined, (bytes: Buffer) => bytes],
  ])("for Accept-Encoding %j goes out as %s", async (accepted, encoding, unpack) => {
    const { status, head, body } = await ask(asset, { "accept-encoding": accepted });
    expect([status, headerOf(head, "content-encoding")]).toEqual([200, encoding]);
    expect(headerOf(head, "content-length")).toBe(String(body.length));
    expect(headerOf(head, "vary")).toBe("accept-encoding");
    expect(headerOf(head, "content-type")).toBe("text/javascript; charset=utf-8");
    expect(unpack(body).toString()).toBe(script);
  });

  test("with a hashed name is kept for a year, any other is asked for again", async () => {
    const hashed = await ask(asset);
    expect(headerOf(hashed.head, "cache-control")).toBe("public, max-age=31536000, immutable");
    const icon = await ask("/favicon.svg", page);
    expect([headerOf(icon.head, "cache-control"), headerOf(icon.head, "content-type")]).toEqual([
      "no-cache",
      "image/svg+xml; charset=utf-8",
    ]);
    expect(headerOf((await ask("/assets/moon-3c.woff2")).head, "content-type")).toBe("font/woff2");
    expect(headerOf(icon.head, "x-content-type-options")).toBe("nosniff");
  });

  test("that is known is not sent again, in the form that is known", async () => {
    const accepted = { "accept-encoding": "br" };
    const etag = headerOf((await ask(asset, accepted)).head, "etag") ?? "";
    const again = (tags: string, more = accepted) => ask(asset, { ...more, "if-none-match": tags });
    const known = await again(etag);
    expect([known.status, known.body.length, headerOf(known.head, "etag")]).toEqual([304, 0, etag]);
    expect((await again(`"other", W/${etag}`)).status).toBe(304);
    expect((await again('"other"')).status).toBe(200);
    expect((await again(etag, { "accept-encoding": "gzip" })).status).toBe(200);
  });

  test("HEAD says its length without a body", async () => {
    const { status, head, body } = await ask(asset, {}, "HEAD");
    expect([status, headerOf(head, "content-length"), body.length]).toEqual([200, String(script.length), 0]);
  });
});

test.each([
  ["a folder that is not there", "nowhere"],
  ["a folder without index.html", "."],
  ["a file instead of a folder", "secret.txt"],
])("%s holds no console: the root says where the API is", async (_name, path) => {
  const files = await readConsoleFiles(join(folder, path));
  expect(files).toBeNull();
  const pages = createConsolePages(files, randomBytes);
  const root = pages(new Request("http://console/"));
  expect(await root?.json()).toMatchObject({ openapi: "/api/v1/openapi.json" });
  expect(pages(new Request("http://console/services", { headers: page }))).toBeUndefined();
});
