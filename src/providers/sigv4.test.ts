import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { describe, expect, it } from "vitest";
import { RequestSigner, type SignedRequest } from "./sigv4.ts";

const exampleKey = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const nowMs = Date.UTC(2015, 7, 30, 12, 36, 0);

function signatureOf(headers: readonly string[]): string {
  const value = headers[headers.indexOf("authorization") + 1] ?? "";
  return /Signature=([0-9a-f]{64})$/u.exec(value)?.[1] ?? value;
}

const request = (fields: Partial<SignedRequest>): SignedRequest => ({
  method: "GET",
  host: "example.amazonaws.com",
  path: "/",
  headers: [],
  body: "",
  ...fields,
});

describe("signatures of AWS", () => {
  // From AWS's own test suite for Signature Version 4.
  it.each([
    {
      name: "get-vanilla",
      fields: {},
      signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    },
    {
      name: "post-vanilla",
      fields: { method: "POST" },
      signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    },
    {
      name: "get-vanilla-query-order-key-case",
      fields: { path: "/?Param2=value2&Param1=value1" },
      signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    },
    {
      name: "post-x-www-form-urlencoded",
      fields: {
        method: "POST",
        headers: [["content-type", "application/x-www-form-urlencoded"]] as const,
        body: "Param1=value1",
      },
      signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    },
    {
      name: "post-header-key-sort",
      fields: { method: "POST", headers: [["my-header1", "value1"]] as const },
      signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
    },
  ])("are those of the published vector $name", ({ fields, signature }) => {
    const signer = new RequestSigner(exampleKey, { region: "us-east-1", service: "service" });
    expect(signatureOf(signer.sign(request(fields), nowMs))).toBe(signature);
  });

  it("are those of the vendor's own library, for generated requests", async () => {
    const random = generator(7);
    let compared = 0;
    for (let round = 0; round < 300; round += 1) {
      const key = {
        accessKeyId: `AKIA${text(random, 16)}`,
        secretAccessKey: text(random, 40),
        ...(random() < 0.5 ? { sessionToken: text(random, 200) } : {}),
      };
      const scope = {
        region: ["us-east-1", "eu-central-1", "cn-north-1"][round % 3] ?? "",
        service: "bedrock",
      };
      const model = `arn:aws:bedrock:${scope.region}:123:inference-profile/${text(random, 8)} é*'()!:0`;
      const query = { a: text(random, 3), "b c": "x y/é", [`k${round}`]: "" };
      const pairs = Object.entries(query).map(
        ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
      );
      const pathname = `/model/${encodeURIComponent(model)}/converse`;
      const at = nowMs + Math.floor(random() * 4e11);
      const body = `{"messages":"${text(random, 50)} é"}`;
      const vendor = new SignatureV4({
        credentials: key,
        ...scope,
        sha256: Sha256,
        applyChecksum: false,
        uriEscapePath: true,
      });
      const signed = await vendor.sign(
        {
          method: "POST",
          protocol: "https:",
          hostname: "h.amazonaws.com",
          path: pathname,
          query: random() < 0.5 ? query : {},
          headers: { host: "h.amazonaws.com", "content-type": "application/json" },
          body,
        },
        { signingDate: new Date(at) },
      );
      const withQuery = Object.keys(signed.query ?? {}).length > 0;
      const ours = new RequestSigner(key, scope).sign(
        request({
          method: "POST",
          host: "h.amazonaws.com",
          path: withQuery ? `${pathname}?${pairs.join("&")}` : pathname,
          headers: [["content-type", "application/json"]],
          body: Buffer.from(body),
        }),
        at,
      );
      expect(ours[ours.indexOf("authorization") + 1]).toBe(signed.headers["authorization"]);
      expect(ours[ours.indexOf("x-amz-date") + 1]).toBe(signed.headers["x-amz-date"]);
      if (key.sessionToken !== undefined)
        expect(ours[ours.indexOf("x-amz-security-token") + 1]).toBe(signed.headers["x-amz-security-token"]);
      compared += 1;
    }
    expect(compared).toBe(300);
  });

  it("one signer goes on over midnight", () => {
    const scope = { region: "us-east-1", service: "bedrock" };
    const signer = new RequestSigner(exampleKey, scope);
    for (const at of [nowMs, nowMs + 1_000, nowMs + 86_400_000, nowMs]) {
      expect(signer.sign(request({}), at)).toEqual(
        new RequestSigner(exampleKey, scope).sign(request({}), at),
      );
    }
  });

  it("say so where the body is not known before it is sent", () => {
    const signer = new RequestSigner(exampleKey, { region: "us-east-1", service: "bedrock" });
    const headers = signer.sign(request({ body: undefined }), nowMs);
    expect(headers.slice(2, 4)).toEqual(["x-amz-content-sha256", "UNSIGNED-PAYLOAD"]);
    expect(headers.at(-1)).toContain("SignedHeaders=host;x-amz-content-sha256;x-amz-date,");
  });
});

/** Linear congruential, as in Numerical Recipes. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function text(random: () => number, length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join("");
}
