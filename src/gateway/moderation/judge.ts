// Asks the checks of a policy about texts and images of one exchange, and writes down what they say. Must not know where
// a text stood, nor what is done about it.
import type { ModerationFinding } from "../../core/exchange-record.ts";
import {
  CheckFailed,
  type CheckedImage,
  type CheckQuestion,
  type Direction,
  type Find,
  type ModerationCheck,
} from "./check.ts";
import {
  checksFor,
  judgeFind,
  type DirectedChecks,
  type JudgedFind,
  type ModerationPolicy,
} from "./policy.ts";

export interface JudgeQuestion {
  readonly direction: Direction;
  readonly api: string;
  readonly consumer: string;
  readonly requestId: string;
}

/** An exchange, or whatever stands for one. */
export interface FindingsHolder {
  readonly moderation: ModerationFinding[];
}

/** Different findings of one exchange at most: what follows only counts. */
const maxFindings = 256;

export class Judge {
  readonly policy: ModerationPolicy;
  readonly checks: DirectedChecks;
  readonly #question: CheckQuestion;
  readonly #record: FindingsHolder;
  readonly #ending = new AbortController();
  /** What was found is to be refused. */
  blocked = false;
  /** It is refused as a check gave no answer. */
  failed = false;

  /** @param record what is found is added to its findings */
  constructor(policy: ModerationPolicy, question: JudgeQuestion, record: FindingsHolder) {
    this.policy = policy;
    this.checks = checksFor(policy, question.direction);
    this.#question = { ...question, signal: this.#ending.signal };
    this.#record = record;
  }

  /** Nobody waits for an answer any more. */
  abort(): void {
    this.#ending.abort();
  }

  get aborted(): boolean {
    return this.#ending.signal.aborted;
  }

  /** What the local checks find in a text. Not noted. */
  local(text: string): JudgedFind[] {
    const found: JudgedFind[] = [];
    for (const check of this.checks.local) {
      try {
        const finds = check.text(text, this.#question);
        if (finds instanceof Promise) throw new TypeError(`check ${check.name} is local and answers late`);
        for (const find of finds) found.push(this.#judge(check, text, find));
      } catch (error) {
        this.#fail(check, error);
      }
    }
    return found;
  }

  /** How much of the end of a text that goes on has to wait for what comes. */
  open(text: string): number {
    let most = 0;
    for (const check of this.checks.local) most = Math.max(most, check.open?.(text) ?? check.reach);
    return Math.min(most, this.checks.reach);
  }

  /** What the remote checks find in a text, all asked at once. Not noted. */
  async remote(text: string): Promise<JudgedFind[]> {
    const found = await Promise.all(
      this.checks.remote.map(async (check) => {
        try {
          const finds = await check.text(text, this.#question);
          return finds.map((find) => this.#judge(check, text, find));
        } catch (error) {
          this.#fail(check, error);
          return [];
        }
      }),
    );
    return found.flat();
  }

  /** Looks at an image, and notes what is found. Nothing in it can be masked. */
  async image(image: CheckedImage): Promise<void> {
    await Promise.all(
      this.checks.image.map(async (check) => {
        try {
          const finds = (await check.image?.(image, this.#question)) ?? [];
          for (const find of finds) {
            const judged = judgeFind(this.policy, this.#question.consumer, check, find);
            this.note(judged.action === "mask" ? { ...judged, action: "block" } : judged);
          }
        } catch (error) {
          this.#fail(check, error);
        }
      }),
    );
  }

  /** A find is part of what was said: it is recorded, and blocks where it has to. */
  note(find: JudgedFind): void {
    const { check, dimension, risk, action, label } = find;
    if (action === "block") this.blocked = true;
    this.#add({ check, direction: this.#question.direction, dimension, risk, action, label, count: 1 });
  }

  /**
   * Something cannot be looked into.
   * @param evasive no honest client writes so: it does not pass where failures of checks do
   */
  unreadable(reason: string, evasive = false): void {
    this.#noteError("", reason, evasive);
  }

  #judge(check: ModerationCheck, text: string, find: Find): JudgedFind {
    const start = Math.max(0, Math.min(find.start, text.length));
    const end = Math.max(start, Math.min(find.end, text.length));
    return judgeFind(this.policy, this.#question.consumer, check, { ...find, start, end });
  }

  #fail(check: ModerationCheck, error: unknown): void {
    if (this.aborted) return;
    this.#noteError(check.name, error instanceof CheckFailed ? error.message : "defect");
  }

  #noteError(check: string, label: string, evasive = false): void {
    const { direction } = this.#question;
    this.#add({ check, direction, dimension: "", risk: "none", action: "error", label, count: 1 });
    if (this.policy.dryRun || (this.policy.onError === "pass" && !evasive)) return;
    this.blocked = true;
    this.failed = true;
  }

  #add(finding: ModerationFinding): void {
    const findings = this.#record.moderation;
    const at = findings.findIndex(
      (known) =>
        known.check === finding.check &&
        known.direction === finding.direction &&
        known.dimension === finding.dimension &&
        known.risk === finding.risk &&
        known.action === finding.action &&
        known.label === finding.label,
    );
    const known = findings[at];
    if (known !== undefined) findings[at] = { ...known, count: known.count + 1 };
    else if (findings.length < maxFindings) findings.push(finding);
  }
}
