// Passwords that edits bring, hashed before the edits are prepared: a slow hash must not hold up the thread, and preparing
// does not wait. Knows no store.
import { passwordProblem } from "../resources/user.ts";
import { isReference } from "../resources/secret.ts";
import { ControlError } from "./control-error.ts";
import type { Edit } from "./edit.ts";
import { isStoredSecret } from "./kept-secrets.ts";
import type { Passwords } from "./passwords.ts";
import type { WorkingSet } from "./working-set.ts";

/** What to store of the password of an edit. */
export type PasswordHashes = ReadonlyMap<Edit, string>;

/** Each takes some 50 ms of a CPU, and other changes wait. */
const maxPasswords = 200;

/**
 * Hashes every new password. One that is stored already keeps its hash, so that an unchanged user stays equal.
 * @throws ControlError `invalid` when there are too many
 */
export async function hashPasswords(
  working: WorkingSet,
  edits: readonly Edit[],
  passwords: Passwords,
): Promise<PasswordHashes> {
  const hashes = new Map<Edit, string>();
  for (const edit of edits) {
    const password = passwordOf(edit);
    if (password === undefined) continue;
    if (hashes.size >= maxPasswords)
      throw new ControlError("invalid", `At most ${maxPasswords} passwords can be set by one change.`);
    const stored = working.stored.get("users")?.get(edit.name)?.body["password"];
    const known = isStoredSecret(stored) && typeof stored["hash"] === "string" ? stored["hash"] : undefined;
    const isKept = known !== undefined && (await passwords.verify(password, known));
    hashes.set(edit, isKept ? known : await passwords.hash(password));
  }
  return hashes;
}

/** Undefined where there is none, and for one that the schema will refuse. */
function passwordOf(edit: Edit): string | undefined {
  if (edit.action !== "write" || edit.kind !== "users") return undefined;
  const password = edit.body["password"];
  if (typeof password !== "string") return undefined;
  return passwordProblem(password) === undefined || isReference(password) ? password : undefined;
}
