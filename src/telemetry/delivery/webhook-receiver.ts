// Delivers records to a webhook: JSON, signed. Knows no queue.
import { createHash, createHmac } from "node:crypto";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { DeliveryPorts } from "./delivery-ports.ts";
import { withoutSecrets } from "./http-sender.ts";
import { verdictOf } from "./http-verdict.ts";
import { hasSignal, type Delivered, type Receiver } from "./receiver.ts";
import type { WebhookSink } from "./sink-config.ts";

export class WebhookReceiver implements Receiver {
  readonly #sink: WebhookSink;
  readonly #ports: DeliveryPorts;
  readonly #version: string;
  readonly #post;

  constructor(sink: WebhookSink, ports: DeliveryPorts, version: string) {
    this.#sink = sink;
    this.#ports = ports;
    this.#version = version;
    this.#post = withoutSecrets(ports.post, sink.secret === null ? [] : [sink.secret]);
  }

  wants(record: ExchangeRecord): boolean {
    return hasSignal(record, "l");
  }

  async deliver(records: readonly ExchangeRecord[], signal: AbortSignal): Promise<Delivered> {
    const { url, secret } = this.#sink;
    const body = Buffer.from(JSON.stringify({ records }), "utf8");
    const answer = await this.#post({
      url,
      headers: {
        "content-type": "application/json",
        "user-agent": `moongate/${this.#version}`,
        "x-moongate-delivery": deliveryId(records),
        ...(secret === null
          ? {}
          : { "x-moongate-signature": createHmac("sha256", secret).update(body).digest("hex") }),
      },
      body,
      signal,
    });
    return verdictOf(answer, this.#ports.clock.wallMs());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The same for the same records: a batch that is sent again can be told. */
function deliveryId(records: readonly ExchangeRecord[]): string {
  const hash = createHash("sha256");
  for (const { requestId } of records) hash.update(requestId).update("\n");
  return hash.digest("hex").slice(0, 32);
}
