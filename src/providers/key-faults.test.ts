import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { endpointsOf, type EndpointSource } from "./endpoint.ts";
import { accessKeyIn, accessKeyText, secretsIn } from "./key-text.ts";
import { readTokenAnswer, serviceAccountIn, tokenErrorClass } from "./service-account.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = String(privateKey.export({ type: "pkcs8", format: "pem" }));
const account = (fields: object = {}): string =>
  JSON.stringify({
    client_email: "a@p.iam.gserviceaccount.com",
    private_key: pem,
    project_id: "p-1",
    ...fields,
  });
const access = { accessKeyId: "AKIA1", secretAccessKey: "secret" };

/** The address and the way of its keys, or what is wrong. */
function outcome(source: EndpointSource): unknown {
  const result = endpointsOf(source);
  if (!result.ok) return `${result.path} ${result.problem}`;
  const [endpoint] = result.endpoints;
  return [endpoint?.baseUrl, endpoint?.auth];
}

const keys = (...values: readonly unknown[]) => ({ apiKeys: values.map((value) => ({ value })) });
const google = { kind: "google" };

test.each<{ readonly name: string; readonly source: EndpointSource; readonly expected: unknown }>([
  {
    name: "Bedrock signs for the service's region",
    source: { provider: "bedrock", region: "eu-west-1", ...keys(access) },
    expected: ["https://bedrock-runtime.eu-west-1.amazonaws.com", { kind: "aws", region: "eu-west-1" }],
  },
  {
    name: "or for that of its address",
    source: {
      provider: "bedrock",
      baseUrl: "https://vpce-1.bedrock-runtime.us-gov-west-1.vpce.amazonaws.com",
      region: "us-gov-west-1",
      ...keys(access),
    },
    expected: [
      "https://vpce-1.bedrock-runtime.us-gov-west-1.vpce.amazonaws.com",
      { kind: "aws", region: "us-gov-west-1" },
    ],
  },
  {
    name: "which is read from its host",
    source: {
      provider: "bedrock",
      baseUrl: "https://bedrock-runtime.ap-southeast-2.amazonaws.com",
      ...keys(access),
    },
    expected: [
      "https://bedrock-runtime.ap-southeast-2.amazonaws.com",
      { kind: "aws", region: "ap-southeast-2" },
    ],
  },
  {
    name: "a signature needs a region",
    source: { provider: "bedrock", baseUrl: "https://proxy.example", ...keys(access) },
    expected: "region is required to sign with access keys",
  },
  {
    name: "also where the access key is one text",
    source: { provider: "bedrock", baseUrl: "https://proxy.example", ...keys(JSON.stringify(access)) },
    expected: "region is required to sign with access keys",
  },
  {
    name: "a text of JSON that is no access key is no key",
    source: { provider: "bedrock", region: "eu-west-1", ...keys('{"accessKeyId":"A"}') },
    expected: "apiKeys[0].value is JSON, but no access key: that has accessKeyId and secretAccessKey",
  },
  {
    name: "a bearer key needs none",
    source: { provider: "bedrock", baseUrl: "https://proxy.example", ...keys("key") },
    expected: ["https://proxy.example", { kind: "aws" }],
  },
  {
    name: "access keys are for AWS alone",
    source: { provider: "openai", ...keys("key", access) },
    expected: "apiKeys[1].value is an access key of AWS, which provider openai does not take",
  },
  {
    name: "Vertex takes the project of its service account",
    source: { provider: "vertex", region: "us-central1", ...keys(account()) },
    expected: [
      "https://us-central1-aiplatform.googleapis.com/v1/projects/p-1/locations/us-central1/publishers/google",
      google,
    ],
  },
  {
    name: "region global has a host of its own, and a named project goes first",
    source: { provider: "vertex", region: "global", project: "p-2", ...keys(account()) },
    expected: [
      "https://aiplatform.googleapis.com/v1/projects/p-2/locations/global/publishers/google",
      google,
    ],
  },
  {
    name: "an address of one's own without a path keeps Google's paths",
    source: { provider: "vertex", baseUrl: "http://127.0.0.1:9", region: "global", project: "p" },
    expected: ["http://127.0.0.1:9/v1/projects/p/locations/global/publishers/google", google],
  },
  {
    name: "Vertex needs a region",
    source: { provider: "vertex", ...keys(account()) },
    expected: "region is required for provider vertex",
  },
  {
    name: "and a project",
    source: { provider: "vertex", region: "global", ...keys("AIza") },
    expected: "project is required for provider vertex unless a key is that of a service account",
  },
  {
    name: "unless its key is not known yet",
    source: { provider: "vertex", region: "global", ...keys({ sealed: "x", hint: null }) },
    expected: [
      "https://aiplatform.googleapis.com/v1/projects/{project}/locations/global/publishers/google",
      google,
    ],
  },
  {
    name: "keys of two projects are not of one service",
    source: { provider: "vertex", region: "global", ...keys(account(), account({ project_id: "p-2" })) },
    expected:
      "apiKeys[1].value is of another project than the key before it: name the project of the service",
  },
  ...(
    [
      ["no JSON", "{oops", "is not valid JSON"],
      [
        "no address",
        account({ client_email: 1 }),
        "holds no client_email: it must be the JSON key of a service account",
      ],
      [
        "no private key",
        account({ private_key: "" }),
        "holds no private_key: it must be the JSON key of a service account",
      ],
      [
        "a broken private key",
        account({ private_key: "-----BEGIN" }),
        "holds a private_key that cannot be read",
      ],
      [
        "a token endpoint elsewhere",
        account({ token_uri: "https://evil.example/token" }),
        "names a token_uri that is not Google's",
      ],
      [
        "one without TLS",
        account({ token_uri: "http://oauth2.googleapis.com/token" }),
        "names a token_uri that is not Google's",
      ],
      [
        "one behind a user",
        account({ token_uri: "https://oauth2.googleapis.com@evil.example/" }),
        "names a token_uri that is not Google's",
      ],
      [
        "one at another port",
        account({ token_uri: "https://oauth2.googleapis.com:8443/" }),
        "names a token_uri that is not Google's",
      ],
    ] as const
  ).map(([name, value, problem]) => ({
    name: `a service account with ${name} is refused`,
    source: { provider: "vertex", region: "global", project: "p", ...keys(value) } as const,
    expected: `apiKeys[0].value ${problem}`,
  })),
])("$name", ({ source, expected }) => {
  expect(outcome(source)).toEqual(expected);
});

test("a service account asks at Google's usual place", () => {
  expect(serviceAccountIn(account())).toMatchObject({ tokenUrl: "https://oauth2.googleapis.com/token" });
  expect(serviceAccountIn("sk-plain")).toBeUndefined();
});

test("an access key is one text and back, and all of its secrets are known", () => {
  const whole = { ...access, sessionToken: "session" };
  const text = accessKeyText(whole) ?? "";
  expect(accessKeyIn(text)).toEqual(whole);
  expect(secretsIn(text)).toEqual([text, "secret", "session"]);
  expect(accessKeyText({ accessKeyId: "A", secretAccessKey: { sealed: "x" } })).toBeUndefined();
  expect(secretsIn("plain")).toEqual(["plain"]);
  expect(secretsIn(account())).toEqual([account(), pem, JSON.stringify(pem).slice(1, -1)]);
});

test.each([
  ['{"access_token":"t","expires_in":60}', { value: "t", lifeSeconds: 60 }],
  ['{"access_token":"t"}', { value: "t", lifeSeconds: 3600 }],
  ['{"access_token":"a\\r\\nb"}', undefined],
  ['{"access_token":1}', undefined],
  ["<html>", undefined],
])("the token in %j", (body, token) => {
  expect(readTokenAnswer(body)).toEqual(token);
});

test("the class of an error is a word, or nothing", () => {
  expect(tokenErrorClass('{"error":"invalid_grant"}')).toBe("invalid_grant");
  expect(tokenErrorClass('{"error":"Something ya29.secret"}')).toBe("");
});
