// Signing in with name and password, and changing one's own. Knows no HTTP.
import type { Clock } from "../core/clock.ts";
import { passwordProblem } from "../resources/user.ts";
import { tellAudit } from "./audit/audit-scope.ts";
import type { Configuration } from "./configuration.ts";
import { ControlError } from "./control-error.ts";
import { patchObject } from "./objects.ts";
import { passwordHashOf } from "./owners.ts";
import { signInSettings } from "./sign-in-settings.ts";
import type { SessionOrigin } from "./sessions.ts";
import type { OpenedSession, SignedInUsers } from "./signed-in.ts";
import { createSignInThrottle } from "./sign-in-throttle.ts";
import type { SignInThrottle } from "./sign-in-throttle.ts";

export interface SignIn {
  readonly users: SignedInUsers;
  readonly throttle: SignInThrottle;
  /** @throws ControlError `unauthorized`, `forbidden`, `too_many_tries` */
  open(username: string, password: string, origin: SessionOrigin): Promise<OpenedSession>;
  /** Ends the user's other sessions. @throws ControlError `unauthorized`, `invalid`, `too_many_tries` */
  changePassword(id: string, change: PasswordChange): Promise<void>;
}

export interface PasswordChange {
  readonly current: string;
  readonly next: string;
  readonly origin: SessionOrigin;
}

export function createSignIn(configuration: Configuration, users: SignedInUsers, clock: Clock): SignIn {
  const throttle = createSignInThrottle(() => clock.monotonicMs());

  /** The stored hash of a user who may sign in; undefined for any other. */
  const hashOf = (name: string): string | undefined => {
    const user = configuration.working.resources.users.get(name)?.value;
    return user?.enabled === true ? passwordHashOf(user) : undefined;
  };
  /** Takes as long and says the same whatever is wrong. @returns the hash that the password was compared with */
  const authenticate = async (
    name: string,
    password: string,
    address: string,
  ): Promise<string | undefined> => {
    throttle.count(name, address);
    const hash = hashOf(name);
    const isRight = await configuration.passwords.verify(password, hash);
    // Asked again, as the user may have changed meanwhile.
    if (!isRight || hashOf(name) !== hash)
      throw new ControlError("unauthorized", "User name or password is wrong.");
    throttle.clear(name, address);
    return hash;
  };

  return {
    users,
    throttle,
    open: async (name, password, origin) => {
      if (!signInSettings(configuration).password)
        throw new ControlError("forbidden", "Signing in with a password is switched off here.");
      // Of a name that nobody has nothing is told: it may be a password in the wrong field.
      if (configuration.working.resources.users.has(name)) tellAudit({ actor: `user:${name}` });
      await authenticate(name, password, origin.address);
      tellAudit({ method: "password" });
      return users.open(name, origin);
    },
    changePassword: async (id, { current, next, origin }) => {
      const name = users.find(id)?.name;
      if (name === undefined) throw new ControlError("unauthorized", "You are signed in no longer.");
      const problem = passwordProblem(next);
      if (problem !== undefined) throw fieldFault("next", problem);
      const wrong = fieldFault("current", "is not your password");
      const hash = await authenticate(name, current, origin.address).catch((error: unknown) => {
        throw error instanceof ControlError && error.code === "unauthorized" ? wrong : error;
      });
      // Another change may have come first: then this was the password no longer.
      const guard = (): void => {
        if (hashOf(name) !== hash) throw wrong;
      };
      await patchObject(
        configuration,
        { kind: "users", name, by: `user:${name}`, guard },
        { password: next },
      );
      // All of them, and his own again: he has just proved himself, and his page keeps its CSRF token.
      await Promise.all([users.closeAllOf(name), users.open(name, origin, id)]);
    },
  };
}

function fieldFault(path: string, message: string): ControlError {
  return new ControlError("invalid", `${path} ${message}.`, [{ path, message }]);
}
