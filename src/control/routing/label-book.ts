// What answers were worth, as mode intelligent learns from it: taken from whoever judges, bounded, kept apart from
// resources. Knows no text of a prompt, no HTTP and no training.
import type {
  KeptLabel,
  KeptPrompt,
  LabelCount,
  LabelSource,
  NewLabel,
  RoutingStore,
} from "../../core/kept-routing.ts";
import { featuresVersion } from "../../routing/prompt/prompt-features.ts";

/** Of one Model API; the oldest go. */
export const maxLabels = 20_000;

export interface LabelBookPorts {
  readonly store: RoutingStore;
  readonly wallMs: () => number;
}

export class LabelBook {
  readonly #ports: LabelBookPorts;

  constructor(ports: LabelBookPorts) {
    this.#ports = ports;
  }

  /** Each in the place of an older one of the same request, model and source. @throws StoreUnavailable */
  add(labels: readonly NewLabel[]): void {
    const sound = labels.filter(({ score, weight }) => score >= 0 && score <= 1 && weight > 0);
    if (sound.length > 0) this.#ports.store.addLabels(sound, this.#ports.wallMs(), maxLabels);
  }

  /** What somebody has taken back. @throws StoreUnavailable */
  remove(requestId: string, source: LabelSource): void {
    this.#ports.store.removeLabels(requestId, source);
  }

  /** @param source absent: all. @returns how many there were @throws StoreUnavailable */
  clear(api: string, source?: LabelSource): number {
    return this.#ports.store.clearLabels(api, source);
  }

  /** @throws StoreUnavailable */
  counts(api: string): LabelCount[] {
    return this.#ports.store.countLabels(api);
  }

  /** Of prompts that another version of the program has read: nothing is learnt of them. @throws StoreUnavailable */
  countUnusable(api: string): number {
    return this.#ports.store.countOtherVersions(api, featuresVersion);
  }

  /** @throws StoreUnavailable */
  countSince(api: string, place: number): number {
    return this.#ports.store.countSince(api, place);
  }

  /** All of a Model API, oldest first. @throws StoreUnavailable */
  labelsOf(api: string): { readonly labels: readonly KeptLabel[]; readonly prompts: readonly KeptPrompt[] } {
    const { store } = this.#ports;
    return { labels: store.labels(api), prompts: store.prompts(api) };
  }
}
