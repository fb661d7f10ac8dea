// Who keeps what: the state of one simulator, apart for every credential. Must not know what is kept.
import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** More credentials push the one that was idle for longest out, with all its state. */
const mostAccounts = 1_000;

/** Uploaded bytes that one simulator holds, over all its accounts. */
const mostHeldBytes = 128 * 1024 * 1024;

/** Headers that carry a credential, the first that is there counts. */
const credentialHeaders = ["authorization", "x-api-key", "api-key", "x-goog-api-key"] as const;

/** Bytes that may still be held. */
interface Budget {
  left: number;
}

/** One credential's share of a simulator. What belongs to it hangs on it by `perAccount`. */
export class Account {
  /** Not the credential itself, and the same for the same credential. */
  readonly name: string;
  readonly #budget: Budget;
  #heldBytes = 0;

  constructor(name: string, budget: Budget) {
    this.name = name;
    this.#budget = budget;
  }

  /** Books bytes that are to be kept; false, and nothing booked, when there is no room. */
  hold(bytes: number): boolean {
    if (bytes > this.#budget.left) return false;
    this.#budget.left -= bytes;
    this.#heldBytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#budget.left += bytes;
    this.#heldBytes -= bytes;
  }

  /** Gives back whatever is booked. */
  releaseAll(): void {
    this.release(this.#heldBytes);
  }
}

/** All accounts of one simulator. */
export class Accounts {
  readonly #byName = new Map<string, Account>();
  readonly #budget: Budget = { left: mostHeldBytes };

  /** The account of a request; without any credential they all share one. */
  of(headers: IncomingHttpHeaders, query: URLSearchParams): Account {
    const header = credentialHeaders.map((name) => headers[name]).find((value) => value !== undefined);
    const credential = [header].flat()[0] ?? query.get("key") ?? "";
    // A bearer token is the same credential as the bare key.
    const name = createHash("sha256")
      .update(credential.replace(/^bearer\s+/i, ""))
      .digest("hex")
      .slice(0, 16);
    const account = this.#byName.get(name) ?? new Account(name, this.#budget);
    // Moved to the end: the first one is then the one that was idle for longest.
    this.#byName.delete(name);
    this.#byName.set(name, account);
    if (this.#byName.size > mostAccounts) this.#dropFirst();
    return account;
  }

  #dropFirst(): void {
    for (const [name, account] of this.#byName) {
      account.releaseAll();
      this.#byName.delete(name);
      return;
    }
  }
}

/** State of one kind, made when an account first asks for it, gone with the account. */
export function perAccount<State>(make: (account: Account) => State): (account: Account) => State {
  const states = new WeakMap<Account, State>();
  return (account) => {
    const known = states.get(account);
    if (known !== undefined) return known;
    const state = make(account);
    states.set(account, state);
    return state;
  };
}
