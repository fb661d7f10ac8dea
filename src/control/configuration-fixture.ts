// What the tests of this folder share: a configuration over a real SQLite store in a temporary folder. Tests only.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSealer, type Sealer } from "../lib/seal.ts";
import type { PublishedRouter } from "../routing/policy.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { openSqliteStore } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { createAuditLog } from "./audit/audit-log.ts";
import type { AuditLog } from "./audit/audit-log.ts";
import { createConfiguration } from "./configuration.ts";
import type { Configuration } from "./configuration.ts";
import { createPasswords } from "./passwords.ts";
import type { LearnDomains } from "./routing/learnt-domains.ts";

export const startMs = Date.UTC(2026, 0, 1);

export interface ConfigurationFixture {
  readonly dir: string;
  readonly store: Store;
  readonly configuration: Configuration;
  readonly audit: AuditLog;
  readonly cipher: Sealer;
  /** The file of the store. */
  readonly storeFile: string;
  /** Every snapshot that was published, oldest first. */
  readonly published: readonly Snapshot[];
  /** Moves the clock. */
  advance(milliseconds: number): void;
  readonly wallMs: () => number;
  /** Where the configuration finds what was learnt. */
  readonly learnt: {
    routers: () => ReadonlyMap<string, PublishedRouter>;
    /** Absent: what prompts of domains look like is learnt where it is needed. */
    domains?: LearnDomains;
  };
  /** Another configuration over what is stored, as after a restart. */
  reopen(): Promise<Configuration>;
  close(): Promise<void>;
}

export async function openConfiguration(
  options: { readonly ownerElsewhere?: boolean } = {},
): Promise<ConfigurationFixture> {
  const dir = await mkdtemp(join(tmpdir(), "moongate-control-"));
  let nowMs = startMs;
  const wallMs = () => nowMs;
  const clock = { wallMs, monotonicMs: wallMs };
  const storeFile = join(dir, "moongate.db");
  const store = await openSqliteStore({ file: storeFile, instance: "default", clock });
  const cipher = createSealer(randomBytes(32));
  const audit = createAuditLog({ store: store.audit, mac: cipher.mac, clock });
  const published: Snapshot[] = [];
  const passwords = createPasswords(randomBytes, { N: 2 ** 8, r: 8, p: 1 });
  const learnt: ConfigurationFixture["learnt"] = { routers: () => new Map() };
  const open = () =>
    createConfiguration({
      routers: () => learnt.routers(),
      learnDomains: (domains) => learnt.domains?.(domains) ?? Promise.reject(new Error("nobody learns")),
      store,
      cipher,
      passwords,
      clock,
      audit,
      publish: (snapshot) => {
        published.push(snapshot);
      },
      ownerElsewhere: options.ownerElsewhere ?? true,
    });
  return {
    dir,
    store,
    storeFile,
    audit,
    cipher,
    published,
    learnt,
    wallMs,
    configuration: await open(),
    advance: (milliseconds) => {
      nowMs += milliseconds;
    },
    reopen: open,
    close: async () => {
      await store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A service that needs no network, and a Model API in front of it. */
export const sampleService = { name: "sim", provider: "simulator" };
export const sampleApi = {
  name: "chat",
  useCase: "text-generation",
  protocols: ["openai"],
  basePath: "/chat",
  modelService: { mode: "single", target: { service: "sim" } },
};
