// Delivers records to Simple Log Service by PutLogs: protobuf, LZ4, signed. Knows no queue and no field.
// Call: https://www.alibabacloud.com/help/en/sls/developer-reference/api-putlogs
// Errors: https://www.alibabacloud.com/help/en/sls/developer-reference/error-codes
import { createHash } from "node:crypto";
import { isIP } from "node:net";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { PostAnswer } from "../../lib/guarded-post.ts";
import { parseJson, record as fieldsOf } from "../../lib/unknown-json.ts";
import type { DeliveryPorts } from "./delivery-ports.ts";
import { withoutSecrets } from "./http-sender.ts";
import { verdictOf } from "./http-verdict.ts";
import { lz4Block } from "./lz4-block.ts";
import { hasSignal, type Delivered, type Receiver } from "./receiver.ts";
import type { Sender, SlsSink } from "./sink-config.ts";
import { slsFields } from "./sls-fields.ts";
import { encodeLogGroup } from "./sls-log-group.ts";
import { authorizationV1, authorizationV4 } from "./sls-signature.ts";

/** Codes whose status does not tell what is to be done. */
const verdicts: Readonly<Record<string, Delivered["kind"]>> = {
  WriteQuotaExceed: "later",
  ShardWriteQuotaExceed: "later",
  ProjectQuotaExceed: "later",
  ExceedQuota: "later",
  PostBodyInvalid: "unfit",
  PostBodyTooLarge: "unfit",
  PostBodyUncompressError: "unfit",
  LogGroupTooLarge: "unfit",
};

export class SlsReceiver implements Receiver {
  readonly #sink: SlsSink;
  readonly #ports: DeliveryPorts;
  readonly #sender: Sender;
  readonly #post;

  constructor(sink: SlsSink, ports: DeliveryPorts, sender: Sender) {
    this.#sink = sink;
    this.#ports = ports;
    this.#sender = sender;
    this.#post = withoutSecrets(ports.post, [sink.accessKeySecret]);
  }

  wants(record: ExchangeRecord): boolean {
    return hasSignal(record, "l");
  }

  async deliver(records: readonly ExchangeRecord[], signal: AbortSignal): Promise<Delivered> {
    const { fieldNames } = this.#sink;
    const raw = encodeLogGroup({
      logs: records.map((record) => ({
        timeMs: Date.parse(record.time),
        fields: slsFields(fieldNames, record, this.#sender),
      })),
      topic: "moongate",
      source: this.#sender.node,
      tags: [
        ["instance", this.#sender.instance],
        ["region", this.#sender.region],
      ],
    });
    const body = lz4Block(raw);
    const wallMs = this.#ports.clock.wallMs();
    const answer = await this.#post({ ...this.#signed(body, raw.length, wallMs), body, signal });
    return verdictOfSls(answer, wallMs);
  }

  #signed(body: Uint8Array, rawBytes: number, wallMs: number) {
    const { endpoint, project, logstore, accessKeyId, accessKeySecret, signedForRegion } = this.#sink;
    const url = new URL(endpoint);
    const host = `${project}.${url.host}`;
    // An address has no names below it: the project is in the header alone.
    if (isIP(url.hostname.replace(/^\[|\]$/gu, "")) === 0) url.host = host;
    url.pathname = `/logstores/${logstore}/shards/lb`;
    const key = { id: accessKeyId, secret: accessKeySecret };
    const common = {
      host,
      "content-type": "application/x-protobuf",
      "content-md5": createHash("md5").update(body).digest("hex").toUpperCase(),
      "user-agent": `moongate/${this.#sender.version}`,
      "x-log-apiversion": "0.6.0",
      "x-log-bodyrawsize": String(rawBytes),
      "x-log-compresstype": "lz4",
    };
    const parts = { method: "POST", path: url.pathname };
    if (signedForRegion === null) {
      const headers = {
        ...common,
        date: new Date(wallMs).toUTCString(),
        "x-log-signaturemethod": "hmac-sha1",
      };
      return {
        url: url.href,
        headers: { ...headers, authorization: authorizationV1({ ...parts, headers }, key) },
      };
    }
    const headers = {
      ...common,
      "x-log-date": new Date(wallMs).toISOString().replaceAll(/[-:]|\.\d+/gu, ""),
      "x-log-content-sha256": createHash("sha256").update(body).digest("hex"),
    };
    const authorization = authorizationV4({ ...parts, headers }, key, signedForRegion);
    return { url: url.href, headers: { ...headers, authorization } };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function verdictOfSls(answer: PostAnswer, wallMs: number): Delivered {
  const verdict = verdictOf(answer, wallMs);
  if (verdict.kind === "taken") return verdict;
  const code = fieldsOf(parseJson(answer.text))["errorCode"];
  const known = typeof code === "string" && Object.hasOwn(verdicts, code) ? verdicts[code] : undefined;
  if (known === "later") return { kind: "later", message: verdict.message, afterMs: null };
  if (known === "unfit") return { kind: "unfit", message: verdict.message };
  // Other 400s are about the clock, the address or a header, not about records.
  if (verdict.kind === "unfit" && answer.status === 400 && typeof code === "string")
    return { kind: "refused", message: verdict.message };
  return verdict;
}
