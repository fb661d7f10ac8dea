// The signature against the example of the vendor's documentation ("fixed parameter example" of signature method V3).
import { describe, expect, test } from "vitest";
import { acsHeaders, percentEncoded } from "./acs-signature.ts";

describe("the signature of Alibaba Cloud's OpenAPI", () => {
  const request = {
    method: "POST",
    host: "ecs.cn-shanghai.aliyuncs.com",
    path: "/",
    query: [
      ["RegionId", "cn-shanghai"],
      ["ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"],
    ],
    body: "",
    action: "RunInstances",
    version: "2014-05-26",
  } as const;
  const signer = {
    accessKeyId: "YourAccessKeyId",
    accessKeySecret: "YourAccessKeySecret",
    date: "2023-10-26T10:22:32Z",
    nonce: "3156853299f313e23d1673dc12e1703d",
  };

  test("is the one that its documentation shows", () => {
    expect(acsHeaders(request, signer)["authorization"]).toBe(
      "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;" +
        "x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
    );
  });

  test("differs with every part that it signs", () => {
    const signature = (changed: object, by: object = {}) =>
      acsHeaders({ ...request, ...changed }, { ...signer, ...by })["authorization"];
    const all = [
      signature({}),
      signature({ method: "GET" }),
      signature({ host: "a.test" }),
      signature({ path: "/a" }),
      signature({ query: [] }),
      signature({ body: "a=b" }),
      signature({ action: "A" }),
      signature({ version: "1" }),
      signature({ contentType: "text/plain" }),
      signature({}, { accessKeySecret: "other" }),
      signature({}, { date: "2023-10-26T10:22:33Z" }),
      signature({}, { nonce: "n" }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test("encodes what RFC 3986 reserves, and half a character as one that is not known", () => {
    expect(percentEncoded("a b*!'()~中\ud800")).toBe("a%20b%2A%21%27%28%29~%E4%B8%AD%EF%BF%BD");
  });
});
