// Takes messages of quotas to webhooks: signed, again and again with pauses, each webhook of a quota in its order. Knows
// neither counts nor files.
import type { QuotaLetter } from "../../core/kept-quota.ts";
import type { Post } from "../../lib/guarded-post.ts";
import { headersOf } from "../alerts/alert-message.ts";
import { maxTries, pauseMs, postOnce } from "../alerts/post-once.ts";
import type { KnownQuota } from "./quota-directory.ts";

export interface QuotaLetterPorts {
  readonly post: Post;
  readonly wallMs: () => number;
  /** Told of a message that is given up. */
  readonly onUndelivered: (letter: QuotaLetter, message: string) => void;
}

/** What has become of messages that were due. */
export interface Delivered {
  /** Tried once more, in vain. */
  readonly again: readonly QuotaLetter[];
  /** Ids of those that are done with. */
  readonly sent: readonly string[];
}

/** By the key of its counter. */
type FindQuota = (key: string) => KnownQuota | undefined;

/** Beyond it the oldest go: nobody waits for what is so far behind. */
const maxLetters = 1_000;
/** At once. */
const maxRunning = 20;

export class QuotaLetters {
  readonly #ports: QuotaLetterPorts;
  readonly #ended = new AbortController();
  #letters: readonly QuotaLetter[];

  constructor(ports: QuotaLetterPorts, letters: readonly QuotaLetter[]) {
    this.#ports = ports;
    this.#letters = letters;
  }

  get waiting(): number {
    return this.#letters.length;
  }

  /** @returns ids of those that have no room any more */
  add(letters: readonly QuotaLetter[]): string[] {
    if (letters.length === 0) return [];
    const all = [...this.#letters, ...letters];
    const dropped = all.slice(0, Math.max(0, all.length - maxLetters));
    this.#letters = all.slice(dropped.length);
    for (const letter of dropped)
      this.#ports.onUndelivered(letter, `More than ${maxLetters} messages wait for webhooks.`);
    return dropped.map(({ deliveryId }) => deliveryId);
  }

  /** Tries what is due. @param known quotas that are configured now: others are not told of any more */
  async deliver(known: FindQuota): Promise<Delivered> {
    const nowMs = this.#ports.wallMs();
    const orphans = this.#letters.filter((letter) => targetOf(known, letter) === undefined);
    const due = firstOfEach(this.#letters)
      .filter((letter) => letter.nextTryMs <= nowMs && !orphans.includes(letter))
      .slice(0, maxRunning);
    const again = new Map<string, QuotaLetter>();
    const sent = orphans.map(({ deliveryId }) => deliveryId);
    await Promise.all(
      due.map(async (letter) => {
        const after = await this.#send(letter, targetOf(known, letter)?.secret);
        if (after === undefined) sent.push(letter.deliveryId);
        else if (after !== letter) again.set(letter.deliveryId, after);
      }),
    );
    this.#letters = this.#letters
      .filter(({ deliveryId }) => !sent.includes(deliveryId))
      .map((letter) => again.get(letter.deliveryId) ?? letter);
    return { again: [...again.values()], sent };
  }

  /** @returns the letter as it is tried again; undefined when it is done with */
  async #send(letter: QuotaLetter, secret: unknown): Promise<QuotaLetter | undefined> {
    const { webhook, body, deliveryId } = letter;
    const headers = headersOf(body, deliveryId, typeof secret === "string" ? secret : undefined);
    const answer = await postOnce(this.#ports.post, { url: webhook, body, headers }, this.#ended.signal);
    if (answer.ok) return undefined;
    if (this.#ended.signal.aborted) return letter;
    const tries = letter.tries + 1;
    if (tries < maxTries) return { ...letter, tries, nextTryMs: this.#ports.wallMs() + pauseMs(tries) };
    this.#ports.onUndelivered(letter, `${answer.message} Given up after ${tries} tries.`);
    return undefined;
  }

  /** Ends what is being sent. */
  close(): void {
    this.#ended.abort();
  }
}

function targetOf(known: FindQuota, { key, webhook }: QuotaLetter) {
  return known(key)?.config.notify.find((target) => target.webhook === webhook);
}

/** What a webhook is told of a quota, it is told in its order. */
function firstOfEach(letters: readonly QuotaLetter[]): QuotaLetter[] {
  const first = new Map<string, QuotaLetter>();
  for (const letter of letters) {
    const line = `${letter.key} ${letter.webhook}`;
    if (!first.has(line)) first.set(line, letter);
  }
  return [...first.values()];
}
