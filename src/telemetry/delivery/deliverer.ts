// Runs the lanes of all sinks as the configuration says, and tells how each sink stands. Knows no thread.
import { sameData } from "../../lib/same-data.ts";
import type { SinkState } from "../delivery-answers.ts";
import type { RecordFeed } from "../store/feed-place.ts";
import { openDeadLetters } from "./dead-letters.ts";
import type { DeliveryPorts } from "./delivery-ports.ts";
import type { ServiceBook } from "./described-exchange.ts";
import { Lane } from "./lane.ts";
import type { LanePlaces } from "./lane-places.ts";
import { partsOf } from "./receivers.ts";
import { withoutContent, type RecordedContent } from "./recorded-content.ts";
import type { Sender, Sink } from "./sink-config.ts";
import { stateOf } from "./sink-state.ts";

export interface DelivererOptions {
  readonly dataDir: string;
  /** Of the log store. */
  readonly logsDir: string;
  readonly feed: RecordFeed;
  readonly places: LanePlaces;
  readonly content: RecordedContent;
  readonly ports: DeliveryPorts;
  readonly onProblem: (error: Error) => void;
}

export interface DeliveryConfiguration {
  readonly sinks: readonly Sink[];
  readonly services: ServiceBook;
  readonly sender: Sender;
}

interface RunningSink {
  readonly sink: Sink;
  readonly sender: Sender;
  readonly lanes: readonly Lane[];
}

/** Records of one batch; with content they are large. */
const maxRecords = 500;
const maxRecordsWithContent = 50;
/** A request under way gets so long when its lane stops. */
const graceMs = 3_000;

export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #running = new Map<string, RunningSink>();
  #services: ServiceBook = new Map();

  constructor(options: DelivererOptions) {
    this.#options = options;
  }

  get services(): ServiceBook {
    return this.#services;
  }

  /** Sinks that are as they were go on undisturbed; one that is gone is forgotten. */
  async configure({ sinks, services, sender }: DeliveryConfiguration): Promise<void> {
    this.#services = services;
    const wanted = new Map(sinks.map((sink) => [sink.name, sink]));
    const ended = [...this.#running.values()].filter(
      (one) => !sameData(one.sink, wanted.get(one.sink.name)) || !sameData(one.sender, sender),
    );
    await Promise.all(ended.map((one) => this.#stop(one)));
    this.#forgetLanesOf(sinks);
    for (const sink of sinks) if (!this.#running.has(sink.name)) this.#start(sink, sender);
  }

  states(): SinkState[] {
    return [...this.#running.values()]
      .map(({ sink, lanes }) => stateOf(sink.name, lanes))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whether every lane waits, for records or for its next try. */
  get waiting(): boolean {
    return [...this.#running.values()].every(({ lanes }) => lanes.every((lane) => lane.waiting));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map((one) => this.#stop(one)));
  }

  #start(sink: Sink, sender: Sender): void {
    const { dataDir, logsDir, feed, places, content, ports, onProblem } = this.#options;
    const surroundings = { dataDir, ports, sender, services: () => this.#services };
    try {
      const deadLetters = openDeadLetters(logsDir, sink.name);
      const lanes = partsOf(sink, surroundings).map(
        ({ part, receiver }) =>
          new Lane({
            name: `${sink.name}/${part}`,
            part,
            flushIntervalMs: sink.flushIntervalMs,
            receiver,
            feed,
            places,
            deadLetters,
            ports,
            prepare: sink.includeContent ? (record) => content.attach(record) : withoutContent,
            maxRecords: sink.includeContent ? maxRecordsWithContent : maxRecords,
          }),
      );
      this.#running.set(sink.name, { sink, sender, lanes });
      for (const lane of lanes) lane.start();
    } catch (error) {
      onProblem(new Error(`sink ${sink.name} cannot be started: ${String(error)}`));
    }
  }

  async #stop({ sink, lanes }: RunningSink): Promise<void> {
    await Promise.all(lanes.map((lane) => lane.stop(graceMs)));
    this.#running.delete(sink.name);
  }

  /** A sink, or a signal of one, that is taken up again later begins anew. */
  #forgetLanesOf(sinks: readonly Sink[]): void {
    const { places } = this.#options;
    const kept = new Set(
      sinks.flatMap((sink) =>
        sink.type === "otlp"
          ? sink.signals.map((signal) => `${sink.name}/${signal}`)
          : [`${sink.name}/records`],
      ),
    );
    for (const lane of places.lanes()) if (!kept.has(lane)) places.forget(lane);
  }
}
