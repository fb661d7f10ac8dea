// Providers of identities: a real one, by the library oidc-provider, and one that says whatever a test wants.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import Provider from "oidc-provider";
import MemoryAdapter from "oidc-provider/lib/adapters/memory_adapter.js";

export const clientId = "moongate-console";
export const clientSecret = "provider-secret-canary-8c1f";

export interface RealProvider {
  readonly issuer: string;
  /** Who signs in next, without being asked, and what the provider tells of him. */
  account: { sub: string; [claim: string]: unknown };
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(handle: Handler, port = 0): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port }, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The library with one client; a browser that comes is signed in as `account` at once. */
export async function startRealProvider(redirectUri: string): Promise<RealProvider> {
  let handle: Handler = (_request, response) => void response.writeHead(503).end();
  const server = await listen((request, response) => handle(request, response));
  const running: RealProvider = { issuer: server.url, account: { sub: "ada-1" }, close: server.close };
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const provider = new Provider(server.url, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "key-1" }] },
    // Named, so that the library does not warn of its defaults.
    adapter: class extends MemoryAdapter {},
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ["cookie-key-of-a-test"] },
    claims: { openid: ["sub"], profile: ["preferred_username", "roles"], email: ["email"] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: () => "/interaction" },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ ...running.account, sub: accountId }),
    }),
    loadExistingGrant: async ({
      oidc,
    }: {
      oidc: {
        provider: Provider;
        client: { clientId: string };
        session: { accountId: string };
      };
    }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
    renderError: (context: { body: string }, out: { error: string }) => {
      context.body = out.error;
    },
  });
  const library = provider.callback();
  handle = (request, response) => {
    const isInteraction = request.url?.startsWith("/interaction") === true;
    const answer = isInteraction
      ? provider.interactionFinished(request, response, { login: { accountId: running.account.sub } })
      : library(request, response);
    answer.catch(() => response.destroy());
  };
  return running;
}

/** What the made-up provider does; everything a test leaves out is right. */
export interface Pretence {
  readonly claims?: JWTPayload;
  /** Algorithm `none` and no signature. */
  readonly unsigned?: boolean;
  /** Signed with a key that is not the published one. */
  readonly otherKey?: boolean;
  readonly token?: (response: ServerResponse) => void;
  readonly discovery?: object | ((response: ServerResponse) => void);
}

export interface Pretender {
  readonly issuer: string;
  pretence: Pretence;
  /** The nonce of the sign-in that is under way. */
  nonce: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function createTokens() {
  const [good, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
  const jwk = { ...(await exportJWK(good.publicKey)), alg: "RS256", use: "sig", kid: "key-1" };
  const idToken = async (
    { issuer, nonce }: Pick<Pretender, "issuer" | "nonce">,
    { claims = {}, unsigned = false, otherKey = false }: Pretence,
  ): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: issuer,
      aud: clientId,
      sub: "ada-1",
      nonce,
      iat: now,
      exp: now + 300,
      roles: ["admins"],
      ...claims,
    };
    if (unsigned) {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      return `${part({ alg: "none" })}.${part(payload)}.`;
    }
    const key = otherKey ? other.privateKey : good.privateKey;
    return new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: "key-1" }).sign(key);
  };
  return { jwk, idToken };
}

export async function startPretender(): Promise<Pretender> {
  const { jwk, idToken } = await createTokens();
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const { pretence, issuer } = pretender;
    if (path === "/.well-known/openid-configuration") {
      if (typeof pretence.discovery === "function") return pretence.discovery(response);
      return json(response, {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        authorization_response_iss_parameter_supported: true,
        ...pretence.discovery,
      });
    }
    if (path === "/jwks") return json(response, { keys: [jwk] });
    if (path !== "/token") return void response.writeHead(404).end();
    if (pretence.token !== undefined) return pretence.token(response);
    json(response, { access_token: "a", token_type: "Bearer", id_token: await idToken(pretender, pretence) });
  };

  const server = await listen((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    pretender.asked.push(path);
    request.resume();
    answer(path, response).catch(() => response.destroy());
  });
  const pretender: Pretender = {
    issuer: server.url,
    pretence: {},
    nonce: "",
    asked: [],
    close: server.close,
  };
  return pretender;
}
