// The receivers of a sink: one per part of it, each with its own place, so that none waits for another.
import { join } from "node:path";
import type { DeliveryPorts } from "./delivery-ports.ts";
import type { ServiceBook } from "./described-exchange.ts";
import { FileReceiver } from "./file-receiver.ts";
import { OtlpReceiver } from "./otlp-receiver.ts";
import type { Receiver } from "./receiver.ts";
import type { FileSink, Sender, Sink } from "./sink-config.ts";
import { SlsReceiver } from "./sls-receiver.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

export interface ReceiverSurroundings {
  readonly dataDir: string;
  readonly ports: DeliveryPorts;
  readonly sender: Sender;
  readonly services: () => ServiceBook;
}

export interface Part {
  /** `records`, or a signal. */
  readonly part: string;
  readonly receiver: Receiver;
}

export function partsOf(sink: Sink, surroundings: ReceiverSurroundings): Part[] {
  const { ports, sender } = surroundings;
  switch (sink.type) {
    case "otlp":
      return [...new Set(sink.signals)].map((signal) => ({
        part: signal,
        receiver: new OtlpReceiver(sink, signal, surroundings),
      }));
    case "sls":
      return [{ part: "records", receiver: new SlsReceiver(sink, ports, sender) }];
    case "webhook":
      return [{ part: "records", receiver: new WebhookReceiver(sink, ports, sender.version) }];
    case "file":
      return [{ part: "records", receiver: fileReceiver(sink, surroundings.dataDir) }];
  }
}

export function fileReceiver({ path, maxBytes, keep }: FileSink, dataDir: string): FileReceiver {
  return new FileReceiver({ file: join(dataDir, path), maxBytes, keep });
}
