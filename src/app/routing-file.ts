// Opens what mode intelligent learns, and forgets what belongs to Model APIs that are no more. Knows no label.
import { join } from "node:path";
import { systemClock } from "../core/clock.ts";
import type { RoutingStore } from "../core/kept-routing.ts";
import { LabelBook } from "../control/routing/label-book.ts";
import { RouterVersions } from "../control/routing/router-versions.ts";
import type { Configuration } from "../control/configuration.ts";
import { openSqliteRoutingStore, routingStoreInMemory } from "../store/sqlite-routing-store.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { Stops } from "./stops.ts";

/** In the data folder. */
export const routingFile = "routing.db";

export interface KeptRouting {
  readonly labels: LabelBook;
  readonly versions: RouterVersions;
  /** From now on a change of what is in use is published, and what belongs to no Model API goes. */
  follow(configuration: Configuration): void;
}

/** What cannot be kept is learnt for as long as the process runs. */
export function openRouting(dataDir: string, log: OperationalLog, stops: Stops): KeptRouting {
  const onProblem = ({ message }: Error): void => log.error("routing-not-kept", { message });
  const store = openFile(join(dataDir, routingFile), onProblem);
  stops.add(() => store.close());
  const wallMs = (): number => systemClock.wallMs();
  let configuration: Configuration | undefined;
  const versions = new RouterVersions({
    store,
    wallMs,
    onPublished: async () => configuration?.routersChanged(),
  });
  return {
    labels: new LabelBook({ store, wallMs }),
    versions,
    follow: (followed) => {
      configuration = followed;
      let apis: object | undefined;
      const tidy = (): void => {
        const now = followed.working.resources["model-apis"];
        if (now === apis) return;
        apis = now;
        try {
          versions.keepOnly((api) => now.has(api));
        } catch (error) {
          onProblem(error instanceof Error ? error : new Error(String(error)));
        }
      };
      tidy();
      followed.onChange(tidy);
    },
  };
}

function openFile(file: string, onProblem: (error: Error) => void): RoutingStore {
  try {
    return openSqliteRoutingStore(file, onProblem);
  } catch (error) {
    onProblem(error instanceof Error ? error : new Error(String(error)));
    return routingStoreInMemory();
  }
}
