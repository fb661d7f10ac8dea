import { expect, test } from "vitest";
import { makeDebugProof, readDebugProof } from "./debug-proof.ts";

const secret = "secret-of-this-process";
const claim = { api: "chat-模型", consumer: "app", expiresAtMs: 1_000 };
const proof = makeDebugProof(secret, claim);
const other = makeDebugProof(secret, { ...claim, consumer: "boss" });

test("a proof tells whose request it makes", () => {
  expect(readDebugProof(secret, proof, { api: claim.api, wallMs: 999 })).toEqual({ consumer: "app" });
});

test.each([
  ["its end has come", proof, { api: claim.api, wallMs: 1_000 }],
  ["it is another Model API's", proof, { api: "chat", wallMs: 0 }],
  [
    "another secret made it",
    makeDebugProof("secret of another process", claim),
    { api: claim.api, wallMs: 0 },
  ],
  [
    "its claim is another proof's",
    `${other.split(".")[0]}.${proof.split(".")[1]}`,
    { api: claim.api, wallMs: 0 },
  ],
  ["it was written twice", `${proof}, ${proof}`, { api: claim.api, wallMs: 0 }],
  ["something follows", `${proof}.x`, { api: claim.api, wallMs: 0 }],
  ["it has no signature", proof.split(".")[0] ?? "", { api: claim.api, wallMs: 0 }],
  ["it is empty", "", { api: claim.api, wallMs: 0 }],
])("a proof is none when %s", (_name, text, asked) => {
  expect(readDebugProof(secret, text, asked)).toBeUndefined();
});
