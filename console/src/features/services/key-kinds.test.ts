import { expect, test } from "vitest";
import { knownProviderOf as providerOf } from "../../../../src/providers/known-providers.ts";
import type { ProviderId } from "../../../../src/resources/provider-id.ts";
import {
  keyKindsOf,
  readAccount,
  storedAccessKeyId,
  type AccountReading,
  type KeyKind,
} from "./key-kinds.ts";

test.each<[ProviderId, readonly KeyKind[]]>([
  ["bedrock", ["access", "plain"]],
  ["vertex", ["account", "plain"]],
  ["openai", ["plain"]],
  ["simulator", ["plain"]],
])("the kinds of keys that %s takes", (provider, kinds) => {
  expect(keyKindsOf(providerOf(provider))).toEqual(kinds);
});

const account = {
  type: "service_account",
  project_id: "harbor-ai",
  client_email: "gateway@harbor-ai.iam.gserviceaccount.com",
  private_key: "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n",
};
const read = { problem: null, email: account.client_email, project: "harbor-ai" } as const;

test.each<[string, string, AccountReading]>([
  ["as it is downloaded", JSON.stringify(account, null, 2), read],
  ["on one line", JSON.stringify(account), read],
  ["without a project", JSON.stringify({ ...account, project_id: undefined }), { ...read, project: "" }],
  ["cut short", JSON.stringify(account).slice(0, -5), { problem: "accountJson" }],
  ["that is an API key", "AIza-0123456789", { problem: "accountJson" }],
  ["that is a list", JSON.stringify([account]), { problem: "accountJson" }],
  ["of a person", JSON.stringify({ ...account, type: "authorized_user" }), { problem: "accountKind" }],
  ["without an e-mail address", JSON.stringify({ ...account, client_email: 5 }), { problem: "accountEmail" }],
  ["without a private key", JSON.stringify({ ...account, private_key: "x" }), { problem: "accountKey" }],
  ["with a key of the prototype", '{"__proto__": {"client_email": "a@b"}}', { problem: "accountEmail" }],
])("a service account %s", (_name, text, expected) => {
  expect(readAccount(text)).toEqual(expected);
});

test.each<[string, unknown, string | null]>([
  ["an access key", { accessKeyId: "AKIA1", secretAccessKey: { set: true } }, "AKIA1"],
  ["a plain one", { set: true, hint: "…abcd" }, null],
  ["none", undefined, null],
])("the id of a stored key that is %s", (_name, stored, id) => {
  expect(storedAccessKeyId(stored)).toBe(id);
});
