// Signatures against examples that the vendor publishes for its own clients.
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { authorizationV1, authorizationV4 } from "./sls-signature.ts";

test("version 1: the published example of PutLogs", () => {
  const headers = {
    date: "Mon, 09 Nov 2015 06:03:03 GMT",
    "x-log-apiversion": "0.6.0",
    "x-log-signaturemethod": "hmac-sha1",
    "content-md5": "1DD45FA4A70A9300CC9FE7305AF2C494",
    "content-length": "52",
    "content-type": "application/x-protobuf",
    "x-log-bodyrawsize": "50",
    "x-log-compresstype": "lz4",
  };
  const key = { id: "bq2sjzesjmo86kq35behupbq", secret: "4fdO2fTDDnZPU/L7CHNdemB2Nsk=" };
  expect(authorizationV1({ method: "POST", path: "/logstores/test-logstore", headers }, key)).toBe(
    "LOG bq2sjzesjmo86kq35behupbq:XWLGYHGg2F2hcfxWxMLiNkGki6g=",
  );
});

test("version 4: the example of the vendor's clients", () => {
  const headers = {
    "x-log-date": "20220808T032330Z",
    "x-log-content-sha256": createHash("sha256").update("adasd= -asd zcas").digest("hex"),
    "user-agent": "not signed",
  };
  const key = { id: "acsddda21dsd", secret: "zxasdasdasw2" };
  expect(authorizationV4({ method: "POST", path: "/logstores", headers }, key, "cn-shanghai")).toBe(
    "SLS4-HMAC-SHA256 Credential=acsddda21dsd/20220808/cn-shanghai/sls/aliyun_v4_request,Signature=8a10a5e723cb2e75964816de660b2c16a58af8bc0261f7f0722d832468c76ce8",
  );
});
