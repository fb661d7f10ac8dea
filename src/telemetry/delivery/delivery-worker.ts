// The delivery thread: takes committed records to the sinks, so that no outage of a receiver reaches any other thread.
import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../core/clock.ts";
import { guardedPoster } from "../../lib/guarded-post.ts";
import { sameData } from "../../lib/same-data.ts";
import { openRecordFeed } from "../store/record-feed.ts";
import type { SinkState } from "../delivery-answers.ts";
import { Deliverer, type DeliveryConfiguration } from "./deliverer.ts";
import type { DeliverySetup, FromDeliveryThread, ToDeliveryThread } from "./delivery-messages.ts";
import type { DeliveryPorts } from "./delivery-ports.ts";
import { openLanePlaces } from "./lane-places.ts";
import { openRecordedContent } from "./recorded-content.ts";
import { testSink } from "./sink-test.ts";
import type { Sender, Sink } from "./sink-config.ts";

const main = parentPort;
if (main === null) throw new Error("delivery-worker.ts runs in a worker thread only");
const tell = (message: FromDeliveryThread): void => main.postMessage(message);

// Delivering can wait, requests cannot. On Linux alone a priority is a thread's; elsewhere it would be the program's.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const tellStatesEveryMs = 1_000;

// What the main thread made it with.
const { dataDir, logsDir, networks } = workerData as DeliverySetup;
const poster = guardedPoster(networks);
const ports: DeliveryPorts = {
  clock: systemClock,
  timers: {
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  },
  random: Math.random,
  post: poster.post,
};
const feed = openRecordFeed(logsDir);
const onProblem = ({ message }: Error): void => tell({ kind: "problem", message });
const places = openLanePlaces(logsDir, onProblem);
const content = openRecordedContent(logsDir);
const deliverer = new Deliverer({
  dataDir,
  logsDir,
  feed,
  places,
  content,
  ports,
  onProblem,
});

let sender: Sender = { version: "", instance: "", region: "", node: "" };
let told: readonly SinkState[] = [];

function tellStates(): void {
  const states = deliverer.states();
  if (sameData(states, told)) return;
  told = states;
  tell({ kind: "states", states });
}

async function configure(configuration: DeliveryConfiguration): Promise<void> {
  ({ sender } = configuration);
  await deliverer.configure(configuration);
  tellStates();
}

async function test(id: number, sink: Sink): Promise<void> {
  const surroundings = { dataDir, ports, sender, services: () => deliverer.services };
  tell({ kind: "tested", id, test: await testSink(sink, surroundings) });
}

async function stop(): Promise<void> {
  await deliverer.stop();
  places.close();
  content.close();
  feed.close();
  await poster.close();
  tell({ kind: "stopped" });
}

const timer = setInterval(tellStates, tellStatesEveryMs);

/** One configuration after the other; a test waits for nobody. */
let queue: Promise<void> = Promise.resolve();
main.on("message", (message: ToDeliveryThread) => {
  if (message.kind === "test") return void test(message.id, message.sink);
  queue = queue
    .then(() => {
      if (message.kind === "configure") return configure(message.configuration);
      clearInterval(timer);
      return stop();
    })
    .catch((error: unknown) => tell({ kind: "problem", message: String(error) }));
});
