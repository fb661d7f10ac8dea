// The safe upstream: undici's client per connection, kept in a last-in first-out list per origin.
// Raw header buffers in and out, no redirects, no decompression, no proxy from the environment.
import { Client } from "undici";
import type { AllowedNetworks } from "../../lib/address-guard.ts";
import { guardedConnector } from "../../lib/guarded-connector.ts";
import type { Call, Upstream, UpstreamFailure, UpstreamHandler, UpstreamRequest } from "./upstream.ts";

const maxHeadBytes = 64 * 1024;
/** Services commonly keep idle connections 5 to 75 s; a lost race is mended by one resend on a fresh connection. */
const idleConnectionMs = 30_000;

/** undici's handler with raw headers: the shape of its dispatch that copies nothing. */
interface RawHandler {
  onConnect(abort: (reason?: Error) => void): void;
  onHeaders(status: number, headers: Buffer[], resume: () => void, statusText: string): boolean;
  onData(chunk: Buffer): boolean;
  onComplete(trailers: string[] | null): void;
  onError(error: Error): void;
  onUpgrade(): void;
}

/** One connection's client. */
class Connection {
  readonly client: Client;
  readonly pool: ConnectionPool;
  connected = false;
  busy = false;
  served = 0;

  constructor(pool: ConnectionPool, client: Client) {
    this.pool = pool;
    this.client = client;
    client.on("connect", () => {
      this.connected = true;
    });
    client.on("disconnect", () => {
      this.connected = false;
      pool.disconnected(this);
    });
  }
}

/** All connections to one origin with one connect timeout. */
class ConnectionPool {
  readonly #origin: string;
  readonly #options: Client.Options;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();

  constructor(origin: string, options: Client.Options) {
    this.#origin = origin;
    this.#options = options;
  }

  take(fresh: boolean): Connection {
    const connection = (fresh ? undefined : this.#idle.pop()) ?? this.#open();
    connection.busy = true;
    return connection;
  }

  #open(): Connection {
    const connection = new Connection(this, new Client(this.#origin, this.#options));
    this.#all.add(connection);
    return connection;
  }

  release(connection: Connection): void {
    connection.busy = false;
    connection.served += 1;
    if (connection.connected) this.#idle.push(connection);
    else this.#discard(connection);
  }

  disconnected(connection: Connection): void {
    if (connection.busy) return;
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    this.#discard(connection);
  }

  #discard(connection: Connection): void {
    this.#all.delete(connection);
    connection.client.destroy().catch(ignore);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((connection) => connection.client.destroy()));
  }
}

function ignore(): void {
  // Destroying a client that is already gone is what was wanted.
}

/** One request on its way: undici's handler on one side, the pipeline's on the other. */
class DispatchedCall implements Call, RawHandler {
  readonly #connection: Connection;
  readonly #handler: UpstreamHandler;
  readonly #reused: boolean;
  #abort: ((reason?: Error) => void) | null = null;
  #resume: (() => void) | null = null;
  #over = false;
  #wanted = true;

  constructor(connection: Connection, handler: UpstreamHandler) {
    this.#connection = connection;
    this.#handler = handler;
    this.#reused = connection.served > 0;
  }

  get connected(): boolean {
    return this.#abort !== null;
  }

  abort(): void {
    if (!this.#wanted || this.#over) return;
    this.#wanted = false;
    if (this.#abort === null) this.#finish();
    else this.#abort();
    // A request that is queued behind a pending connect has no abort yet: the whole client goes.
    if (this.#abort === null) this.#connection.client.destroy().catch(ignore);
  }

  resume(): void {
    this.#resume?.();
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#abort = abort;
    if (!this.#wanted) abort();
  }

  onHeaders(status: number, headers: Buffer[], resume: () => void): boolean {
    // Informational answers (102, 103) are for the connection, not for the client.
    if (status < 200) return true;
    this.#resume = resume;
    if (headBytes(headers) > maxHeadBytes) this.#refuseHead();
    else if (this.#wanted) this.#handler.onHead(status, headers);
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#wanted ? this.#handler.onData(chunk) : true;
  }

  onComplete(): void {
    const wanted = this.#wanted;
    this.#finish();
    if (wanted) this.#handler.onEnd();
  }

  onError(error: Error): void {
    const wanted = this.#wanted;
    const connected = this.#abort !== null;
    this.#finish();
    if (wanted) this.#handler.onFailure(failureOf(error, connected, this.#reused));
  }

  onUpgrade(): void {
    // Never asked for: undici reports an unasked 101 as an error before it comes here.
  }

  /** undici counts names and values only; many small fields come past it. */
  #refuseHead(): void {
    const wanted = this.#wanted;
    this.abort();
    if (wanted)
      this.#handler.onFailure({
        kind: "broken",
        reusedConnection: false,
        detail: "UND_ERR_HEADERS_OVERFLOW",
      });
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#connection.pool.release(this.#connection);
  }
}

/** Size of a head on the wire: each field has four bytes around its name and value. */
function headBytes(headers: readonly Buffer[]): number {
  let bytes = headers.length * 2;
  for (const part of headers) bytes += part.length;
  return bytes;
}

function failureOf(error: Error, connected: boolean, reusedConnection: boolean): UpstreamFailure {
  const code = (error as NodeJS.ErrnoException).code ?? error.name;
  return { kind: connected ? "broken" : "unreachable", reusedConnection, detail: code };
}

/** Opens an upstream whose every connection is checked against the allowed networks. */
export function createUndiciUpstream(networks: AllowedNetworks): Upstream {
  const pools = new Map<string, ConnectionPool>();

  function poolOf(origin: string, connectTimeoutMs: number): ConnectionPool {
    const key = `${origin} ${connectTimeoutMs}`;
    let pool = pools.get(key);
    if (pool === undefined) {
      pool = new ConnectionPool(origin, clientOptions(networks, connectTimeoutMs));
      pools.set(key, pool);
    }
    return pool;
  }

  return {
    send(request: UpstreamRequest, handler: UpstreamHandler): Call {
      const connection = poolOf(request.origin, request.connectTimeoutMs).take(request.freshConnection);
      const call = new DispatchedCall(connection, handler);
      const { method, path, headers, body } = request;
      if (body === null || Buffer.isBuffer(body)) {
        connection.client.dispatch({ method, path, headers, body }, call);
        return call;
      }
      if (body.length !== undefined) headers.push("content-length", String(body.length));
      const options = { method, path, headers, body: body.stream };
      // undici's types know only its newer handler; the raw one is what its core calls.
      connection.client.dispatch(options, call);
      return call;
    },
    async close(): Promise<void> {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      pools.clear();
    },
  };
}

function clientOptions(networks: AllowedNetworks, connectTimeoutMs: number): Client.Options {
  return {
    connect: guardedConnector(networks, connectTimeoutMs),
    pipelining: 1,
    keepAliveTimeout: idleConnectionMs,
    keepAliveMaxTimeout: idleConnectionMs,
    maxHeaderSize: maxHeadBytes,
    // The pipeline keeps its own deadlines.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  };
}
