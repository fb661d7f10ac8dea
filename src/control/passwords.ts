// Passwords of users: made into a slow hash that says its own cost, and compared with one. Knows no user and no session.
import { scrypt, timingSafeEqual } from "node:crypto";
import type { RandomBytes } from "./generated-key.ts";
import { TriedTooOften } from "./tried-too-often.ts";

export interface Passwords {
  /** The text to store. @throws TriedTooOften when too many wait */
  hash(password: string): Promise<string>;
  /**
   * Whether this is the password behind a stored text. Takes as long when there is none: it is compared with a hash of
   * nobody's password.
   * @throws TriedTooOften when too many wait
   */
  verify(password: string, stored: string | undefined): Promise<boolean>;
}

/** What a hash costs, as scrypt counts it. Written beside each hash, so that it can be raised later. */
export interface PasswordCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and some 50 ms. */
const ordinaryCost: PasswordCost = { N: 2 ** 15, r: 8, p: 1 };
const saltBytes = 16;
const hashBytes = 32;
/** At once: each holds a thread of the pool that files are read with, and 32 MiB. */
const concurrency = 2;
/** More would wait longer than a person does. */
const maxWaiting = 50;
const retryAfterMs = 5_000;

const storedPattern = /^scrypt\$(\d{1,8})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/u;

interface Stored extends PasswordCost {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** @param cost another one for tests, which hash often */
export function createPasswords(randomBytes: RandomBytes, cost = ordinaryCost): Passwords {
  const inTurn = createGate();
  const nobody: Stored = {
    ...cost,
    salt: Buffer.from(randomBytes(saltBytes)),
    hash: Buffer.from(randomBytes(hashBytes)),
  };
  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = Buffer.from(randomBytes(saltBytes));
        const derived = await derive(password, { ...cost, salt, hash: Buffer.alloc(hashBytes) });
        const parts = [cost.N, cost.r, cost.p, salt.toString("base64url"), derived.toString("base64url")];
        return `scrypt$${parts.join("$")}`;
      }),
    verify: (password, stored) =>
      inTurn(async () => {
        const known = stored === undefined ? undefined : readStored(stored);
        const against = known ?? nobody;
        const isSame = timingSafeEqual(await derive(password, against), against.hash);
        return isSame && known !== undefined;
      }),
  };
}

function readStored(text: string): Stored | undefined {
  const [, N, r, p, salt, hash] = storedPattern.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  return {
    N: Number(N),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, "base64url"),
    hash: Buffer.from(hash, "base64url"),
  };
}

/** The same letters can be written in several ways, depending on the keyboard: one form stands for all. */
function derive(password: string, { N, r, p, salt, hash }: Stored): Promise<Buffer> {
  const options = { N, r, p, maxmem: 2 * 128 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, hash.length, options, (error, derived) => {
      if (error === null) resolve(derived);
      else reject(error);
    });
  });
}

/** Lets a few run at once and some wait. */
function createGate(): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= concurrency) {
      if (waiting.length >= maxWaiting)
        throw new TriedTooOften("Too many sign-ins at once; try again.", retryAfterMs);
      // Whoever leaves hands the place over, so that it is never taken twice.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    } else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
