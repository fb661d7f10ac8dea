// Sessions of browsers: made at a sign-in, found by the SHA-256 of their id, ended by time, by their user or by number.
// Kept in a small text of the store, so that a restart signs nobody out. Knows no password and no request.
import { sha256Hex } from "./generated-key.ts";
import type { RandomBytes } from "./generated-key.ts";
import { isJsonObject } from "./merge-patch.ts";

/** What is kept of a session. */
interface Kept {
  /** SHA-256 of its id, hex. */
  readonly hash: string;
  readonly user: string;
  /** Changes with the user's password. */
  readonly passwordMark: string;
  readonly createdMs: number;
  seenMs: number;
  /** Where it was opened. */
  readonly address: string;
  /** What the browser said of itself then. */
  readonly agent: string;
}

/** Whose a session is, and what it depends on. */
export type Session = Readonly<Pick<Kept, "user" | "passwordMark">>;

/** Where a session was opened, for its user to know it again. */
export type SessionOrigin = Readonly<Pick<Kept, "address" | "agent">>;

/** A session as its user and administrators see it. */
export interface RunningSession extends Session, SessionOrigin {
  /** Names it, and opens nothing. */
  readonly handle: string;
  readonly createdMs: number;
  readonly seenMs: number;
}

export interface SessionLimits {
  /** Without use it ends after this time. */
  readonly idleMs: number;
  /** It ends after this time, however much it is used. */
  readonly absoluteMs: number;
}

export interface Sessions {
  /** @param again id of a session that begins anew. @returns the id: 256 bits, kept nowhere */
  start(session: Session, origin: SessionOrigin, again?: string): Promise<string>;
  /** Finds a session that has not ended, and counts this as a use of it. */
  find(id: string): Session | undefined;
  end(id: string): Promise<void>;
  /** Ends every session that this finds no longer good. */
  endAll(isOver: (session: RunningSession) => boolean): Promise<void>;
  /** Those of a user that have not ended, the one that was used last first. */
  of(user: string): readonly RunningSession[];
}

/** Where the text is kept. */
export interface SessionFile {
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

export interface SessionPorts {
  readonly file: SessionFile;
  readonly randomBytes: RandomBytes;
  readonly wallMs: () => number;
  /** As they are now: shorter ones hold for sessions that run, too. */
  readonly limits: () => SessionLimits;
  /** Told when the text cannot be read or written; sessions then last as long as the process. */
  readonly onProblem: (error: unknown) => void;
}

const maxSessions = 1_000;
const maxPerUser = 20;
/** A use is written down only this late, as it may come with every request. */
const writeUseAfterMs = 60_000;
const maxAgentLength = 256;
const handleLength = 24;

/** Names a session in lists; of its id it tells nothing. */
export function sessionHandle(id: string): string {
  return sha256Hex(id).slice(0, handleLength);
}

/** Reads what was kept. */
export async function openSessions(ports: SessionPorts): Promise<Sessions> {
  const { randomBytes, wallMs, limits } = ports;
  const byHash = await load(ports);
  const save = createWriter(ports, () => JSON.stringify([...byHash.values()]));
  let useWrittenMs = wallMs();

  const isOver = ({ createdMs, seenMs }: Kept): boolean => {
    const { idleMs, absoluteMs } = limits();
    return wallMs() - seenMs >= idleMs || wallMs() - createdMs >= absoluteMs;
  };
  const endWhere = (ends: (kept: Kept) => boolean): boolean => {
    const ended = [...byHash.values()].filter(ends);
    for (const { hash } of ended) byHash.delete(hash);
    return ended.length > 0;
  };

  return {
    start: async ({ user, passwordMark }, { address, agent }, again) => {
      const id = again ?? Buffer.from(randomBytes(32)).toString("base64url");
      const now = wallMs();
      endWhere(isOver);
      const ofUser = [...byHash.values()].filter((kept) => kept.user === user);
      for (const { hash } of oldest(ofUser, maxPerUser - 1)) byHash.delete(hash);
      for (const { hash } of oldest([...byHash.values()], maxSessions - 1)) byHash.delete(hash);
      const hash = sha256Hex(id);
      const origin = { address, agent: agent.slice(0, maxAgentLength) };
      byHash.set(hash, { hash, user, passwordMark, createdMs: now, seenMs: now, ...origin });
      await save();
      return id;
    },
    find: (id) => {
      const kept = byHash.get(sha256Hex(id));
      if (kept === undefined) return undefined;
      if (isOver(kept)) {
        byHash.delete(kept.hash);
        return undefined;
      }
      kept.seenMs = wallMs();
      if (kept.seenMs - useWrittenMs >= writeUseAfterMs) {
        useWrittenMs = kept.seenMs;
        void save();
      }
      return kept;
    },
    end: async (id) => {
      if (byHash.delete(sha256Hex(id))) await save();
    },
    endAll: async (ends) => {
      if (endWhere((kept) => ends(shown(kept)))) await save();
    },
    of: (user) =>
      [...byHash.values()]
        .filter((kept) => kept.user === user && !isOver(kept))
        .toSorted((left, right) => right.seenMs - left.seenMs)
        .map(shown),
  };
}

function shown({ hash, ...session }: Kept): RunningSession {
  return { ...session, handle: hash.slice(0, handleLength) };
}

/** Those beyond the newest `keep`. */
function oldest(sessions: readonly Kept[], keep: number): readonly Kept[] {
  return sessions.toSorted((left, right) => right.seenMs - left.seenMs).slice(keep);
}

/** Writes one after the other; whoever comes while one waits to start is served by it. Never rejects. */
function createWriter({ file, onProblem }: SessionPorts, text: () => string): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return () => {
    waiting ??= last.then(async () => {
      waiting = undefined;
      await file.write(text()).catch(onProblem);
    });
    last = waiting;
    return waiting;
  };
}

async function load({ file, onProblem }: SessionPorts): Promise<Map<string, Kept>> {
  try {
    const text = await file.read();
    const rows: unknown = text === undefined ? [] : JSON.parse(text);
    const kept = (Array.isArray(rows) ? rows : []).flatMap(readKept);
    return new Map(kept.map((row) => [row.hash, row]));
  } catch (error) {
    onProblem(error);
    return new Map();
  }
}

function readKept(row: unknown): Kept[] {
  if (!isJsonObject(row)) return [];
  const { hash, user, passwordMark, createdMs, seenMs, address, agent } = row;
  if (typeof hash !== "string" || typeof user !== "string" || typeof passwordMark !== "string") return [];
  if (typeof createdMs !== "number" || typeof seenMs !== "number") return [];
  const origin = {
    address: typeof address === "string" ? address : "",
    agent: typeof agent === "string" ? agent : "",
  };
  return [{ hash, user, passwordMark, createdMs, seenMs, ...origin }];
}
