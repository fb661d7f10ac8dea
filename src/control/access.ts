// Who is asking: finds the principal behind a bearer token or a session. Knows tokens by their SHA-256 alone, and no route.
import { timingSafeEqual } from "node:crypto";
import { ControlError } from "./control-error.ts";
import { sha256Hex } from "./generated-key.ts";
import type { Operation, Principal } from "./operation.ts";
import { allowsAnywhere, heldText, reachOf } from "../resources/held-role.ts";
import type { HeldRole } from "../resources/held-role.ts";
import { isSameOrigin, sessionIdOf } from "./session-cookie.ts";
import type { HeaderOf } from "./session-cookie.ts";
import type { SignedIn } from "./signed-in.ts";
import type { KnownToken } from "./token-index.ts";

/** What the check reads of a request. */
export interface AccessRequest {
  readonly method: string;
  readonly header: HeaderOf;
  /** Told who it is as soon as that is known, before it is looked at what he may do. */
  readonly known?: (principal: string) => void;
}

export interface AccessPorts {
  /** Finds a created token by its SHA-256 in hex; asked on every request, so that a revoked one ends at once. */
  readonly findToken: (sha256: string) => KnownToken | undefined;
  /** Told of every token that opens something. */
  readonly tokenUsed: (sha256: string) => void;
  /** Finds who is signed in by the id of a session. */
  readonly findSession: (id: string) => SignedIn | undefined;
  /** Whether an unexpired created token, or a user who can sign in, has role owner. */
  readonly ownerExists: () => boolean;
  readonly wallMs: () => number;
  /** `MOONGATE_ADMIN_TOKEN`: role owner. */
  readonly adminToken: string | null;
  /** `MOONGATE_METRICS_TOKEN`: `/metrics` alone. */
  readonly metricsToken: string | null;
  /** Printed on first run; works as owner until a first owner exists, and never beside an admin token. */
  readonly bootstrapToken: string | null;
}

const ownerEverywhere: readonly HeldRole[] = [{ role: "owner", resourceGroups: null }];

/** Of tokens that open everything. */
const minimumTokenLength = 32;

/** Lets a request through, or throws ControlError `unauthorized`, `forbidden` or `csrf_refused`. */
export type AccessCheck = (
  request: AccessRequest,
  operation: Pick<Operation, "access" | "reach">,
) => Principal;

export function createAccessCheck(ports: AccessPorts): AccessCheck {
  const adminHash = hashOfSecret("The admin token", ports.adminToken, minimumTokenLength);
  const metricsHash = hashOfSecret("The metrics token", ports.metricsToken, 1);
  const bootstrapHash = hashOfSecret("The bootstrap token", ports.bootstrapToken, minimumTokenLength);

  const principalOf = (hash: string): Principal | undefined => {
    if (adminHash !== undefined && sameHash(hash, adminHash))
      return { name: "environment", roles: ownerEverywhere };
    const token = ports.findToken(hash);
    if (token !== undefined && (token.expiresAtMs === null || token.expiresAtMs > ports.wallMs())) {
      ports.tokenUsed(hash);
      return { name: `token:${token.name}`, roles: token.roles };
    }
    const isBootstrap = bootstrapHash !== undefined && sameHash(hash, bootstrapHash);
    if (isBootstrap && adminHash === undefined && !ports.ownerExists())
      return { name: "bootstrap", roles: ownerEverywhere };
    return undefined;
  };

  return (request, { access, reach }) => {
    if (access === "open") return { name: "anonymous", roles: [] };
    // A bearer token counts, whatever cookie comes with it: no page of others can send one.
    const hash = bearerHash(request.header("authorization"));
    if (
      hash !== undefined &&
      access === "metrics" &&
      metricsHash !== undefined &&
      sameHash(hash, metricsHash)
    ) {
      return { name: "metrics", roles: [] };
    }
    const principal = hash === undefined ? userBehind(request, ports.findSession) : principalOf(hash);
    if (principal === undefined) throw new ControlError("unauthorized");
    request.known?.(principal.name);
    if (access === "session") {
      if (hash === undefined) return principal;
      throw new ControlError("forbidden", "This is about a sign-in; a token has none.");
    }
    const permission = access === "metrics" ? "read" : access;
    if (!allowsAnywhere(principal.roles, permission)) {
      const message = `${heldText(principal.roles)} does not allow this; it needs "${permission}".`;
      throw new ControlError("forbidden", message);
    }
    if (reach !== "groups" && reachOf(principal.roles, permission) !== "everywhere") {
      const message = `This is about the whole gateway: it needs "${permission}" everywhere, not in single resource groups.`;
      throw new ControlError("forbidden", message);
    }
    return principal;
  };
}

/** @throws ControlError `csrf_refused` for a change that may come from somebody else's page */
function userBehind(
  { method, header }: AccessRequest,
  findSession: AccessPorts["findSession"],
): Principal | undefined {
  const id = sessionIdOf(header);
  const signedIn = id === undefined ? undefined : findSession(id);
  if (signedIn === undefined) return undefined;
  if (method !== "GET" && method !== "HEAD") {
    const given = sha256Hex(header("x-csrf-token") ?? "");
    if (!sameHash(given, sha256Hex(signedIn.csrfToken)))
      throw new ControlError("csrf_refused", "Header x-csrf-token is missing or not that of your session.");
    if (!isSameOrigin(header))
      throw new ControlError("csrf_refused", "The request comes from a page of another origin.");
  }
  return { name: `user:${signedIn.name}`, roles: signedIn.roles };
}

/** The SHA-256 of the token in `Authorization: Bearer TOKEN`; undefined when there is none. */
function bearerHash(authorization: string | undefined): string | undefined {
  const token = /^Bearer +([\x21-\x7e]+)$/iu.exec(authorization ?? "")?.[1];
  return token === undefined ? undefined : sha256Hex(token);
}

/** An empty or short secret would be an open door, so it is refused at start. */
function hashOfSecret(what: string, secret: string | null, minimumLength: number): string | undefined {
  if (secret === null) return undefined;
  if (secret.length < minimumLength) throw new Error(`${what} needs at least ${minimumLength} characters.`);
  return sha256Hex(secret);
}

function sameHash(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left, "hex"), Buffer.from(right, "hex"));
}
