// What may be said of a sink: paths that meet no file of ours, regions, names.
import { expect, test } from "vitest";
import { parseResource } from "./registry.ts";
import { sinkPathProblem } from "./sink-path.ts";
import { regionOfEndpoint } from "./sink-region.ts";

test.each([
  ["requests.jsonl", true],
  ["exports/2030/requests.ndjson", true],
  ["a b/requests.log", true],
  ["/etc/cron.d/x.log", false],
  ["C:/x.log", false],
  ["\\\\host\\x.log", false],
  ["~/x.log", false],
  ["../x.log", false],
  ["a/../../x.log", false],
  ["a/./x.log", false],
  ["a//x.log", false],
  [".hidden.log", false],
  ["moongate.db", false],
  ["moongate.db.jsonl/../moongate.db", false],
  ["master.key", false],
  ["snapshot.sealed", false],
  ["targets.json", false],
  ["targets.json/a.log", false],
  ["Moongate.db/a.jsonl", false],
  ["exports/v1.2/a.jsonl", true],
  ["records/000.jsonl", false],
  ["Logs/dead-letters/a.jsonl", false],
  ["uploads/a.log", false],
  ["a\0.log", false],
  [`${"a".repeat(600)}.log`, false],
  ["", false],
])("a file sink at %j: allowed %s", (path, allowed) => {
  expect(sinkPathProblem(path) === undefined).toBe(allowed);
});

test.each([
  ["https://cn-hangzhou.log.aliyuncs.com", "cn-hangzhou"],
  ["https://cn-hangzhou-intranet.log.aliyuncs.com", "cn-hangzhou"],
  ["http://ap-southeast-1-internal.log.aliyuncs.com:80", "ap-southeast-1"],
  ["https://us-west-1-share.log.aliyuncs.com", "us-west-1"],
  ["https://log.example.com", null],
  ["http://10.0.0.1", null],
])("%s is in region %s", (endpoint, region) => {
  expect(regionOfEndpoint(endpoint)).toBe(region);
});

const sls = {
  name: "s",
  type: "sls",
  endpoint: "http://10.0.0.1",
  project: "a-project",
  logstore: "store",
  accessKeyId: "id",
  accessKeySecret: "secret",
};

test("signature v4 wants a region", () => {
  expect(parseResource("sinks", { ...sls, signatureVersion: "v4" })).toEqual({
    ok: false,
    issues: [{ path: "region", message: "is required for signature v4: the endpoint does not name one" }],
  });
  expect(parseResource("sinks", { ...sls, signatureVersion: "v4", region: "cn-hangzhou" }).ok).toBe(true);
  expect(parseResource("sinks", sls).ok).toBe(true);
});
