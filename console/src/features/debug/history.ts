// The last runs of each Model API, kept in this browser's database. A browser that refuses it costs nothing but them.
import type { RunView } from "./run-view.ts";
import type { Settings } from "./settings.ts";

export interface StoredRun {
  readonly id: string;
  readonly api: string;
  readonly startedAt: number;
  readonly settings: Settings;
  /** The message that was sent; empty where the request is no chat. */
  readonly text: string;
  /** Earlier runs of the same conversation. */
  readonly before: readonly string[];
  readonly view: RunView;
}

const mostRuns = 50;
const mostFrames = 2_000;
const mostBody = 512 * 1024;
const storeName = "runs";

/** The run with as much of its answer as is worth keeping. */
function trimmed(run: StoredRun): StoredRun {
  const { view } = run;
  return {
    ...run,
    view: {
      ...view,
      blob: null,
      frames: view.frames.slice(0, mostFrames),
      body: view.body.slice(0, mostBody),
      error: null,
    },
  };
}

export async function keepRun(run: StoredRun): Promise<void> {
  await inStore("readwrite", (store) => store.put(trimmed(run)));
  const runs = await runsOf(run.api);
  for (const { id } of runs.slice(mostRuns)) await inStore("readwrite", (store) => store.delete(id));
}

/** Newest first. */
export async function runsOf(api: string): Promise<StoredRun[]> {
  const found: unknown = await inStore("readonly", (store) => store.index("api").getAll(api));
  // Only keepRun writes here.
  return (found as StoredRun[]).toSorted((one, other) => other.startedAt - one.startedAt);
}

export async function findRun(id: string): Promise<StoredRun | undefined> {
  const found: unknown = await inStore("readonly", (store) => store.get(id));
  // Only keepRun writes here.
  return found as StoredRun | undefined;
}

export async function forgetRuns(api: string): Promise<void> {
  for (const { id } of await runsOf(api)) await inStore("readwrite", (store) => store.delete(id));
}

async function inStore(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const database = await opened();
  try {
    return await settled(act(database.transaction(storeName, mode).objectStore(storeName)));
  } finally {
    database.close();
  }
}

async function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open("moongate-debug", 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore(storeName, { keyPath: "id" }).createIndex("api", "api");
  });
  await settled(request);
  return request.result;
}

function settled(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("The database failed.")));
  });
}
