import { expect, test } from "vitest";
import { kindTable, type Kind } from "./kinds.ts";
import { schemas } from "./registry.ts";
import { apiKeySha256, isReference, secretHint } from "./secret.ts";
import { mapSecrets, secretPositions, type SecretPlace } from "./secret-positions.ts";

const bodies: Partial<Record<Kind, unknown>> = {
  domains: { name: "d", certificate: { cert: "open", key: "SECRET" } },
  services: {
    name: "s",
    apiKeys: [
      { name: "a", value: "SECRET" },
      { name: "b", value: { accessKeyId: "open", secretAccessKey: "SECRET", sessionToken: "SECRET" } },
      { name: "c", value: { sealed: "x", hint: null } },
      { value: null },
    ],
    headers: { "x-a": "SECRET" },
  },
  consumers: {
    name: "c",
    credentials: [
      { type: "api-key", name: "a", value: "SECRET" },
      { type: "hmac", name: "b", accessKey: "open", secretKey: "SECRET" },
      { type: "jwt", name: "c", issuer: "open" },
    ],
  },
  users: { name: "u", password: "SECRET" },
  tokens: { name: "t", value: "SECRET" },
  sinks: {
    name: "s",
    type: "webhook",
    secret: "SECRET",
    accessKeySecret: "SECRET",
    headers: { a: "SECRET" },
  },
};

test.each<[Kind, string[]]>([
  ["domains", ["certificate.key sealed"]],
  [
    "services",
    [
      "apiKeys[a].value sealed",
      "apiKeys[c].value sealed",
      "apiKeys[3].value sealed",
      "apiKeys[b].value.secretAccessKey sealed",
      "apiKeys[b].value.sessionToken sealed",
      "headers[x-a] sealed",
    ],
  ],
  ["consumers", ["credentials[a].value hashed", "credentials[b].secretKey sealed"]],
  ["users", ["password password"]],
  ["tokens", ["value hashed"]],
  ["sinks", ["headers[a] sealed", "accessKeySecret sealed", "secret sealed"]],
])("every secret of %s is visited once", (kind, expected) => {
  const seen: string[] = [];
  const mapped = mapSecrets(kind, bodies[kind], (secret, { id, form }: SecretPlace) => {
    seen.push(`${id} ${form}`);
    return secret === "SECRET" ? "masked" : secret;
  });
  expect(seen).toEqual(expected);
  expect(JSON.stringify(mapped)).not.toContain("SECRET");
  expect(JSON.stringify(bodies[kind])).toContain("SECRET");
});

test("an unchanged body is the same body", () => {
  const body = bodies["services"];
  expect(mapSecrets("services", body, (secret) => secret)).toBe(body);
});

test("a secret can be taken out", () => {
  expect(mapSecrets("users", { name: "u", password: "x" }, () => undefined)).toEqual({ name: "u" });
});

test.each([
  [null],
  [undefined],
  [1],
  ["x"],
  [[]],
  [{ apiKeys: 1, headers: [] }],
  [{ apiKeys: [null, 1], headers: null }],
])("a body of a wrong shape is left alone: %j", (body) => {
  expect(mapSecrets("services", body, () => "never")).toBe(body);
});

test("every field that a schema calls a secret has a position", () => {
  // A secret's schema is the only one with `sealed` or `hash` inside, so that the JSON schema shows where they are.
  const counted = kindTable.map(({ kind }) => {
    const text = JSON.stringify(schemas[kind].toJSONSchema({ io: "input" }));
    return [kind, text.includes('"sealed"') || text.includes('"hash"')];
  });
  expect(counted).toEqual(kindTable.map(({ kind }) => [kind, secretPositions[kind].length > 0]));
});

test.each([
  ["abcdefghijkl", "…ijkl"],
  ["abcdefghijk", null],
  ["", null],
])("the hint of %j is %j", (value, hint) => {
  expect(secretHint(value)).toBe(hint);
});

test.each([
  ["${env:KEY}", true],
  ["${file:/run/secrets/key}", true],
  ["a${env:KEY}", false],
  ["${other:KEY}", false],
  ["${env:}", false],
])("%j is a reference: %j", (value, expected) => {
  expect(isReference(value)).toBe(expected);
});

test("an API key is kept as its SHA-256", () => {
  expect(apiKeySha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
