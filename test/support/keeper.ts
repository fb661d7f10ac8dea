// Closes what a test opened, whatever became of the test. Knows only that things can be closed.
import { afterEach } from "vitest";

export type Keep = <T extends { close(): Promise<void> }>(resource: T) => T;

/** Call once at the top of a suite: what is kept during a test is closed after it, the last first. */
export function createKeeper(): Keep {
  const kept: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const resource of kept.splice(0).toReversed()) await resource.close();
  });
  return (resource) => {
    kept.push(resource);
    return resource;
  };
}
