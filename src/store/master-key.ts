// Finds, creates and checks the key that seals secrets at rest. Never prints it; knows the store only as a place for the check.
import { randomBytes } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { createFile } from "../lib/replace-file.ts";
import { createSealer, masterKeyBytes, SealBroken } from "../lib/seal.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Store } from "./store.ts";

/** Thrown when there is no usable master key; the message says what to do. Carries nothing of the key. */
export class MasterKeyRefused extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "MasterKeyRefused";
  }
}

export interface MasterKey {
  readonly key: Buffer;
  readonly from: "environment" | "file";
  /** True when this call made it. */
  readonly created: boolean;
}

export interface MasterKeyOptions {
  /** Folder of `master.key`; created when missing. */
  readonly dataDir: string;
  /** Value of MOONGATE_MASTER_KEY, which goes before the file. */
  readonly fromEnvironment?: string | undefined;
  /** Whether anything sealed is stored already: then a missing key is not made up. */
  readonly secretsExist: boolean;
}

const makeOne = "`head -c 32 /dev/urandom | base64` makes one";

/** 32 bytes in base64; null = anything else. */
function decodeKey(text: string): Buffer | null {
  const trimmed = text.trim();
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(trimmed)) return null;
  const key = Buffer.from(trimmed, "base64");
  return key.length === masterKeyBytes ? key : null;
}

/** The text of the key file; undefined = there is none. */
async function readKeyFile(file: string): Promise<string | undefined> {
  let handle;
  try {
    handle = await open(file, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new MasterKeyRefused(
      `The master key file ${file} cannot be read. Let this process read it.`,
      error,
    );
  }
  try {
    const status = await handle.stat();
    // Windows has no such bits; there the rights of the data folder protect the file.
    if (process.platform !== "win32" && (status.mode & 0o077) !== 0) {
      throw new MasterKeyRefused(
        `Others than its owner can use the master key file ${file}. Run: chmod 600 ${file}`,
      );
    }
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

async function loadFromFile(file: string): Promise<Buffer | undefined> {
  const text = await readKeyFile(file);
  if (text === undefined) return undefined;
  const key = decodeKey(text);
  if (key === null) {
    throw new MasterKeyRefused(
      `The master key file ${file} does not hold ${masterKeyBytes} bytes in base64. Restore it from a backup, or set MOONGATE_MASTER_KEY.`,
    );
  }
  return key;
}

/**
 * The master key: from the environment, else from the file in the data folder, which the first start creates (mode 0600).
 * @throws MasterKeyRefused when it is malformed, readable by others, or missing while secrets exist
 */
export async function loadMasterKey(options: MasterKeyOptions): Promise<MasterKey> {
  if (options.fromEnvironment !== undefined && options.fromEnvironment !== "") {
    const key = decodeKey(options.fromEnvironment);
    if (key !== null) return { key, from: "environment", created: false };
    throw new MasterKeyRefused(`MOONGATE_MASTER_KEY must be ${masterKeyBytes} bytes in base64; ${makeOne}.`);
  }
  const file = join(options.dataDir, "master.key");
  const found = await loadFromFile(file);
  if (found !== undefined) return { key: found, from: "file", created: false };
  if (options.secretsExist) {
    throw new MasterKeyRefused(
      `The master key is missing, but secrets are stored. Restore ${file} from a backup, or set MOONGATE_MASTER_KEY to the key that sealed them.`,
    );
  }
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const key = randomBytes(masterKeyBytes);
  const created = await createFile(file, `${key.toString("base64")}\n`);
  if (created) return { key, from: "file", created };
  // Another process was faster: its key is the one.
  const theirs = await loadFromFile(file);
  if (theirs === undefined)
    throw new MasterKeyRefused(`The master key file ${file} comes and goes. Start one process.`);
  return { key: theirs, from: "file", created: false };
}

const checkName = "master-key-check";

/**
 * The sealer of this key, after checking that it is the key of this store. The first call leaves the check value there.
 * Without secrets a new key takes over.
 * @throws MasterKeyRefused when secrets exist that another key sealed
 */
export async function openSealer(
  key: Uint8Array,
  store: Pick<Store, "instance" | "getMeta" | "setMeta">,
  secretsExist: boolean,
): Promise<Sealer> {
  const sealer = createSealer(key);
  const context = `${store.instance}/${checkName}`;
  const known = await store.getMeta(checkName);
  if (known !== undefined) {
    try {
      sealer.open(known, context);
      return sealer;
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      if (secretsExist) {
        throw new MasterKeyRefused(
          "This master key is not the one that sealed the stored secrets. Restore master.key from a backup, or set MOONGATE_MASTER_KEY to the right key.",
          error,
        );
      }
    }
  }
  await store.setMeta(checkName, sealer.seal("", context));
  return sealer;
}
