// The command line from its words to its exit code, against a small admin API on a real socket.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { main } from "./main.ts";
import { createTestTerminal, type TestTerminal } from "../../test/support/test-terminal.ts";

const token = "an-admin-token-of-32-characters!";
const yaml = `version: 1
services:
  - name: a
    provider: openai
modelApis:
  - name: chat
    basePath: /chat
`;

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let folder = "";
let url = "";
const seen: Seen[] = [];
let answers: { status: number; body: unknown }[] = [];

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { method = "", headers } = request;
    seen.push({ method, url: request.url ?? "", headers, body: Buffer.concat(chunks).toString() });
    const { status, body } = answers.shift() ?? { status: 500, body: "" };
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moongate-cli-"));
  await writeFile(join(folder, "gateway.yaml"), yaml);
  await writeFile(
    join(folder, "gateway.json"),
    JSON.stringify({ version: 1, services: [{ name: "a" }] }, null, 2),
  );
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  // The address of a listening TCP server is never a string.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  seen.length = 0;
});

afterEach(() => {
  expect(answers, "every prepared answer was asked for").toEqual([]);
  answers = [];
});

interface Run {
  readonly code: number;
  readonly printed: string[];
  readonly noted: string[];
}

/** Runs a command line; `FILE.yaml` and `FILE.json` stand for files of the test. */
async function run(line: string, env: Record<string, string> = {}): Promise<Run> {
  const terminal = createTestTerminal({ MOONGATE_ADMIN_URL: url, MOONGATE_ADMIN_TOKEN: token, ...env });
  const words = line.split(" ").map((word) => word.replace(/^FILE/, join(folder, "gateway")));
  const code = await main(
    words.filter((word) => word !== ""),
    terminal,
  );
  return {
    code,
    printed: terminal.printed,
    noted: terminal.noted.map((text) => text.replaceAll(folder, "")),
  };
}

describe("usage", () => {
  test.each([
    ["no command", "", /say which command/],
    ["a misspelt command", "aply", /unknown command "aply"; did you mean "apply"\?/],
    ["a name that every object has", "constructor", /unknown command/],
    ["an unknown option", "start --port 1", /Unknown option '--port'/],
    ["an option without its value", "start --config", /argument missing/],
    ["a stray word", "apply -f x y", /unexpected "y"/],
    ["apply without a file", "apply", /--file is missing/],
    ["token without a verb", "token", /say what to do/],
    ["token with an unknown verb", "token rotate a", /unknown "token rotate"/],
    ["token create without a name", "token create --role owner", /name is missing/],
    ["token create without a role", "token create a", /--role is missing/],
    ["audit without a verb", "audit", /say what to do/],
    ["audit with an unknown verb", "audit repair", /unknown "audit repair"/],
    ["simulator without a port", "simulator", /--port is missing/],
    ["simulator with a port over the range", "simulator --port 70000", /0 to 65535/],
    ["explain without a path", "explain --api chat", /--path is missing/],
  ])("%s is wrong usage", async (_name, line, message) => {
    const { code, printed, noted } = await run(line);
    expect({ code, printed }).toEqual({ code: 2, printed: [] });
    expect(noted.join("\n")).toMatch(message);
  });

  test.each([["--help"], ["help"], ["-h"]])("%s lists every command", async (word) => {
    const { code, printed } = await run(word);
    expect(code).toBe(0);
    for (const name of [
      "start",
      "apply",
      "plan",
      "export",
      "validate",
      "explain",
      "token",
      "audit",
      "simulator",
    ]) {
      expect(printed.join("\n")).toMatch(new RegExp(`^  ${name}`, "m"));
    }
  });

  test("a command's help names its options", async () => {
    const { code, printed } = await run("start --help");
    expect(code).toBe(0);
    expect(printed.join("\n")).toMatch(/--config FILE[\s\S]*MOONGATE_GATEWAY_PORT .*8080/);
  });

  test("--version prints the version", async () => {
    expect((await run("--version")).printed).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)]);
  });
});

describe("the way to the admin API", () => {
  test.each([
    ["no token", { MOONGATE_ADMIN_TOKEN: "" }, /MOONGATE_ADMIN_TOKEN is not set/],
    ["a token with a line end", { MOONGATE_ADMIN_TOKEN: "a\n" }, /spaces or line ends/],
    ["a URL of another scheme", { MOONGATE_ADMIN_URL: "ftp://x" }, /MOONGATE_ADMIN_URL must be/],
    ["a URL with credentials", { MOONGATE_ADMIN_URL: "http://a:b@x" }, /MOONGATE_ADMIN_URL must be/],
  ])("%s fails with the remedy", async (_name, env, message) => {
    const { code, noted } = await run("export", env);
    expect(code).toBe(1);
    expect(noted.join("\n")).toMatch(message);
  });

  test.each([
    [
      "a token that is not valid",
      401,
      { error: { message: "No." } },
      /401\): No\. MOONGATE_ADMIN_TOKEN is not valid/,
    ],
    ["a role that may not", 403, { error: { message: "No." } }, /role that may not do this/],
    [
      "a server that is no Moongate",
      404,
      "<html>",
      /is MOONGATE_ADMIN_URL the address of a Moongate console\?/,
    ],
    [
      "a refusal in the API's own words",
      409,
      { error: { message: "In use by x." } },
      /409\): In use by x\.$/,
    ],
  ])("%s is told", async (_name, status, body, message) => {
    answers = [{ status, body }];
    const { code, noted } = await run("export");
    expect(code).toBe(1);
    expect(noted.join("\n")).toMatch(message);
  });

  test("nobody there is told with the address", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    const { port } = other.address() as AddressInfo;
    await new Promise((resolve) => {
      other.close(resolve);
    });
    const { code, noted } = await run("export", { MOONGATE_ADMIN_URL: `http://127.0.0.1:${port}` });
    expect(code).toBe(1);
    expect(noted.join("\n")).toMatch(
      /127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\).*MOONGATE_ADMIN_URL/,
    );
  });

  test("no message repeats the token", async () => {
    answers = [{ status: 401, body: "" }];
    expect((await run("export")).noted.join("\n")).not.toContain(token);
  });

  test("a base path of the URL is kept", async () => {
    answers = [{ status: 200, body: "version: 1\n" }];
    await run("export", { MOONGATE_ADMIN_URL: `${url}/gate/` });
    expect(seen[0]?.url).toBe("/gate/api/v1/config/export");
  });
});

describe("apply, plan and export", () => {
  const changes = [
    { action: "create", kind: "services", name: "a" },
    { action: "update", kind: "model-apis", name: "chat" },
    { action: "delete", kind: "consumers", name: "old" },
  ];

  test.each([
    ["apply -f FILE.yaml", "/api/v1/config/apply", "application/yaml"],
    ["apply --file FILE.yaml --prune", "/api/v1/config/apply?prune=true", "application/yaml"],
    ["apply -f FILE.json", "/api/v1/config/apply", "application/json"],
    ["plan -f FILE.yaml", "/api/v1/config/plan", "application/yaml"],
  ])("%s sends the file as it is and prints the changes", async (line, path, type) => {
    answers = [{ status: 200, body: { changes, warnings: ["mind this"] } }];
    expect(await run(line)).toEqual({
      code: 0,
      printed: ["+ create services/a", "~ update model-apis/chat", "- delete consumers/old"],
      noted: ["warning: mind this"],
    });
    expect(seen).toMatchObject([
      { method: "POST", url: path, headers: { "content-type": type, authorization: `Bearer ${token}` } },
    ]);
    if (type === "application/yaml") expect(seen[0]?.body).toBe(yaml);
  });

  test("nothing to change is said", async () => {
    answers = [{ status: 200, body: { changes: [], warnings: [] } }];
    expect((await run("plan -f FILE.yaml")).printed).toEqual(["no changes"]);
  });

  test("a refusal names line and field of each fault", async () => {
    const details = [
      { path: "model-apis/chat: basePath", message: "is taken" },
      { path: "services/a", message: "is bad" },
      { path: "", message: "is odd" },
      { path: "line 2, column 4", message: "is broken" },
    ];
    answers = [{ status: 400, body: { error: { message: "Not valid.", details } } }];
    const { code, noted } = await run("apply -f FILE.yaml");
    expect(code).toBe(1);
    expect(noted).toEqual([
      expect.stringMatching(/400\): Not valid\.$/),
      "/gateway.yaml:7 model-apis/chat: basePath: is taken",
      "/gateway.yaml:3 services/a: is bad",
      "/gateway.yaml is odd",
      "/gateway.yaml:2:4 is broken",
    ]);
  });

  test("a file that is not there is named", async () => {
    const { code, noted } = await run("apply -f FILE-missing.yaml");
    expect({ code, noted }).toEqual({
      code: 1,
      noted: ["moongate: /gateway-missing.yaml: cannot be read (ENOENT); name a file with -f FILE"],
    });
  });

  test("export prints the document", async () => {
    answers = [{ status: 200, body: "version: 1\nservices: []\n" }];
    expect((await run("export")).printed).toEqual(["version: 1", "services: []"]);
    expect(seen).toMatchObject([{ method: "GET", headers: { accept: "application/yaml" } }]);
  });
});

describe("token", () => {
  test.each([
    ["token create ci --role editor", { name: "ci", role: "editor" }],
    ["token create --name ci --role editor", { name: "ci", role: "editor" }],
    [
      "token create ci --role viewer --resource-group a --resource-group b --expires-at 2027-01-01T00:00:00Z",
      { name: "ci", role: "viewer", resourceGroups: ["a", "b"], expiresAt: "2027-01-01T00:00:00Z" },
    ],
  ])("%s prints the new token alone", async (line, body) => {
    answers = [{ status: 201, body: { token: "mg_secret" } }];
    expect(await run(line)).toMatchObject({ code: 0, printed: ["mg_secret"] });
    expect(seen).toMatchObject([{ method: "POST", url: "/api/v1/tokens" }]);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual(body);
  });

  test("list shows all pages as a table", async () => {
    answers = [
      {
        status: 200,
        body: {
          items: [{ name: "long-name", role: "owner", createdBy: "user:ada", lastUsedAt: "2026" }],
          nextCursor: "c/1",
        },
      },
      {
        status: 200,
        body: {
          items: [
            { name: "b", role: "viewer", resourceGroups: ["a", "c"], expiresAt: "2027", expired: true },
          ],
          nextCursor: null,
        },
      },
    ];
    expect((await run("token list")).printed).toEqual([
      "NAME       ROLE    RESOURCE GROUPS  EXPIRES     LAST USED  MADE BY",
      "long-name  owner   all              -           2026       user:ada",
      "b          viewer  a,c              ended 2027  -          -",
    ]);
    expect(seen[1]?.url).toBe("/api/v1/tokens?limit=1000&cursor=c%2F1");
  });

  test("revoke deletes by name", async () => {
    answers = [{ status: 204, body: "" }];
    expect(await run("token revoke a/b")).toMatchObject({ code: 0, printed: ["revoked a/b"] });
    expect(seen).toMatchObject([{ method: "DELETE", url: "/api/v1/tokens/a%2Fb" }]);
  });
});

describe("audit verify", () => {
  const verdict = { ok: true, entries: 3, firstNumber: 5, lastNumber: 7, firstBad: null };

  test.each([
    ["entries", verdict, "good: 3 entries, 5 to 7"],
    ["none", { ...verdict, entries: 0, firstNumber: null, lastNumber: null }, "good: 0 entries"],
  ])("says that a log of %s is good", async (_what, body, line) => {
    answers = [{ status: 200, body }];
    expect(await run("audit verify")).toMatchObject({ code: 0, printed: [line] });
    expect(seen).toMatchObject([{ method: "GET", url: "/api/v1/audit-log/verify" }]);
  });

  test.each([
    ["changed", /entry 6 was changed; 1 entries before it are good/u],
    ["missing", /entry 6 is missing/u],
    ["went-back", /the store has gone back/u],
  ])("fails for a log with an entry that is %s", async (reason, message) => {
    const firstBad = { number: 6, reason };
    answers = [{ status: 200, body: { ...verdict, ok: false, entries: 1, firstBad } }];
    const { code, printed, noted } = await run("audit verify");
    expect([code, printed]).toEqual([1, []]);
    expect(noted.join("\n")).toMatch(message);
  });
});

test("start names every setting that is wrong, and starts nothing", async () => {
  const { code, noted } = await run("start", { MOONGATE_WORKERS: "many", MOONGATE_ROLE: "data" });
  expect(code).toBe(1);
  expect(noted).toEqual([
    expect.stringMatching(/^moongate: MOONGATE_ROLE is set, but/),
    expect.stringMatching(/^MOONGATE_WORKERS is "many"/),
  ]);
});

describe("simulator", () => {
  async function start(words: string[]): Promise<{ ended: Promise<number>; terminal: TestTerminal }> {
    const terminal = createTestTerminal();
    const ended = main(["simulator", ...words], terminal);
    await Promise.race([ended, terminal.spoken]);
    return { ended, terminal };
  }

  test("answers until a signal", async () => {
    const { ended, terminal } = await start(["--port", "0"]);
    const address = /http:\S+/.exec(terminal.printed[0] ?? "")?.[0] ?? "";
    const answer = await fetch(`${address}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "hello" }] }),
    });
    expect(answer.status).toBe(200);
    terminal.signal();
    expect(await ended).toBe(0);
    await expect(fetch(address)).rejects.toThrow("fetch failed");
  });

  test("says when its port is taken", async () => {
    const { ended, terminal } = await start(["--port", new URL(url).port]);
    expect(await ended).toBe(1);
    expect(terminal.noted.join("\n")).toMatch(/EADDRINUSE.*choose another --port/);
  });
});
