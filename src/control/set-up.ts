// The first owner: made once with the token of the set-up link that the start prints. Knows no HTTP.
import { timingSafeEqual } from "node:crypto";
import { passwordProblem } from "../resources/user.ts";
import { tellAudit } from "./audit/audit-scope.ts";
import type { Configuration } from "./configuration.ts";
import { ControlError } from "./control-error.ts";
import { sha256Hex } from "./generated-key.ts";
import { createObject } from "./objects.ts";
import { hasOwnerUser } from "./owners.ts";
import type { SignIn } from "./sign-in.ts";
import type { SessionOrigin } from "./sessions.ts";
import type { OpenedSession } from "./signed-in.ts";

export interface SetUpRequest {
  readonly token: string;
  readonly username: string;
  readonly password: string;
  readonly origin: SessionOrigin;
}

export interface SetUp {
  /** Whether no user exists, or has existed since the start, who can sign in as owner. */
  needed(): boolean;
  /** @throws ControlError `conflict` when it is done already, `forbidden` for a wrong token, `too_many_tries` */
  run(request: SetUpRequest): Promise<OpenedSession>;
}

const done = "The set-up is done: sign in, or ask an owner for an account.";

/** @param token of the link; new at each start */
export function createSetUp(configuration: Configuration, signIn: SignIn, token: string): SetUp {
  const tokenHash = sha256Hex(token);
  let isOver = false;
  const look = (): void => {
    isOver ||= hasOwnerUser(configuration.working.resources.users);
  };
  look();
  // Once used or not needed the link is dead for good: it stands in logs, and the owners may all go again.
  configuration.onChange(look);
  const needed = (): boolean => !isOver;
  return {
    needed,
    run: async ({ token: given, username, password, origin }) => {
      if (!needed()) throw new ControlError("conflict", done);
      // Under no account, since there is none.
      signIn.throttle.count("", origin.address);
      if (!timingSafeEqual(Buffer.from(sha256Hex(given), "hex"), Buffer.from(tokenHash, "hex"))) {
        const message = "This set-up link is not valid. It changes with every start: take the newest one.";
        throw new ControlError("forbidden", message);
      }
      const problem = passwordProblem(password);
      if (problem !== undefined)
        throw new ControlError("invalid", `password ${problem}.`, [{ path: "password", message: problem }]);
      tellAudit({ actor: `user:${username}`, method: "set-up-link" });
      await createFirstOwner(configuration, { name: username, password, by: "set-up link" });
      signIn.throttle.clear("", origin.address);
      return signIn.users.open(username, origin);
    },
  };
}

/** @throws ControlError `conflict` when an owner has come meanwhile, or the name is taken */
export async function createFirstOwner(
  configuration: Configuration,
  { name, password, by }: { readonly name: string; readonly password: string; readonly by: string },
): Promise<void> {
  const guard: Parameters<typeof createObject>[1]["guard"] = (working) => {
    if (hasOwnerUser(working.resources.users)) throw new ControlError("conflict", done);
  };
  await createObject(
    configuration,
    { kind: "users", by, guard },
    { name, password, roles: [{ role: "owner" }] },
  );
}
