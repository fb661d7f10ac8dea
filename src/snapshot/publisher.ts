// Holds the current snapshot and keeps every subscriber at it: the full state once, then patches. Knows no worker thread.
import { diffSnapshots } from "./patch.ts";
import type { SnapshotPatch } from "./patch.ts";
import type { Snapshot } from "./snapshot.ts";

export interface Subscription {
  /** The subscriber now runs on this revision. */
  acknowledge(revision: number): void;
  /** Sends the full state again, after a patch did not fit. */
  resend(): void;
  close(): void;
}

export interface Publisher {
  /** Undefined until the first publish. */
  readonly current: Snapshot | undefined;
  /** Makes it the current snapshot and sends each subscriber what changed. */
  publish(snapshot: Snapshot): void;
  /** Sends the full state at once if there is one, then every change in order, until closed. */
  subscribe(send: (patch: SnapshotPatch) => void): Subscription;
  /** Whether there is a subscriber and all of them acknowledged this revision or a newer one. */
  everyoneAt(revision: number): boolean;
}

interface Subscriber {
  readonly send: (patch: SnapshotPatch) => void;
  acknowledged: number;
  /** Whether everything up to now was handed over; if not, only the full state helps. */
  inStep: boolean;
}

const never = -1;

/** @param report told of a `send` that threw; the other subscribers are served all the same */
export function createPublisher(report: (error: unknown) => void): Publisher {
  let current: Snapshot | undefined;
  const subscribers = new Set<Subscriber>();

  const hand = (subscriber: Subscriber, patch: SnapshotPatch): void => {
    try {
      subscriber.send(patch);
      subscriber.inStep = true;
    } catch (error) {
      subscriber.inStep = false;
      report(error);
    }
  };

  const sendAll = (subscriber: Subscriber): void => {
    if (current !== undefined) hand(subscriber, diffSnapshots(undefined, current));
  };

  return {
    get current() {
      return current;
    },
    publish(snapshot) {
      const before = current;
      current = snapshot;
      const patch = diffSnapshots(before, snapshot);
      // After going back (a restored store) older acknowledgements say nothing about this state.
      const wentBack = before !== undefined && (patch.base === null || snapshot.revision <= before.revision);
      for (const subscriber of subscribers) {
        if (wentBack) subscriber.acknowledged = never;
        if (subscriber.inStep) hand(subscriber, patch);
        else sendAll(subscriber);
      }
    },
    subscribe(send) {
      const subscriber: Subscriber = { send, acknowledged: never, inStep: false };
      subscribers.add(subscriber);
      sendAll(subscriber);
      return {
        acknowledge(revision) {
          // A late word about a newer state that was taken back does not count.
          if (current !== undefined && revision <= current.revision) subscriber.acknowledged = revision;
        },
        resend: () => {
          if (subscribers.has(subscriber)) sendAll(subscriber);
        },
        close: () => {
          subscribers.delete(subscriber);
        },
      };
    },
    everyoneAt(revision) {
      return (
        subscribers.size > 0 && [...subscribers].every((subscriber) => subscriber.acknowledged >= revision)
      );
    },
  };
}
