// The first steps of a test: look-up, connection and handshake, each on its own clock. Speaks no HTTP.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { TLSSocket } from "node:tls";
import type { Clock } from "../../core/clock.ts";
import { isReachable, type AllowedNetworks } from "../../lib/address-guard.ts";
import { guardedConnector } from "../../lib/guarded-connector.ts";
import { codeOf, failureWords } from "../../lib/failure-words.ts";
import { StepFailed } from "./report.ts";

export interface ConnectSurroundings {
  readonly networks: AllowedNetworks;
  /** For the look-up, and again for connection and handshake together. */
  readonly timeoutMs: number;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly left: AbortSignal;
}

const mostShown = 4;

/** @returns what was found, or null where there is nothing to look up. @throws StepFailed */
export async function lookUp(
  host: string,
  { networks, timeoutMs, left }: ConnectSurroundings,
): Promise<string | null> {
  if (isIP(host) !== 0) return null;
  const late = AbortSignal.any([left, AbortSignal.timeout(timeoutMs)]);
  const given = Promise.withResolvers<never>();
  late.addEventListener("abort", () => given.reject(new StepFailed(failureWords("EAI_AGAIN"))), {
    once: true,
  });
  const found = await Promise.race([lookup(host, { all: true }), given.promise]).catch((error: unknown) => {
    if (error instanceof StepFailed) throw error;
    throw new StepFailed(failureWords(error instanceof Error ? codeOf(error) : ""));
  });
  const addresses = found.map(({ address }) => address);
  const open = addresses.filter((address) => isReachable(address, networks));
  if (open.length === 0) throw new StepFailed(failureWords("ERR_ADDRESS_REFUSED"));
  const shown = open.slice(0, mostShown).join(", ") + (open.length > mostShown ? ", …" : "");
  const refused = addresses.length - open.length;
  return `${host} is ${shown}.${refused === 0 ? "" : ` ${refused} more may not be reached from here.`}`;
}

/** How connecting went. */
export interface Connected {
  readonly tcpMs: number;
  /** What kept the connection from coming about. */
  readonly tcpFault: string | null;
  readonly tlsMs: number;
  readonly tlsFault: string | null;
  /** Version and certificate; null without TLS. */
  readonly tls: string | null;
}

/** Opens a connection past the address guard, and closes it. Never throws. */
export function connectOnce(url: URL, surroundings: ConnectSurroundings): Promise<Connected> {
  const { networks, timeoutMs, clock, left } = surroundings;
  const secure = url.protocol === "https:";
  const startedMs = clock.monotonicMs();
  let connectedMs: number | null = null;
  return new Promise((resolve) => {
    const connect = guardedConnector(networks, timeoutMs);
    const leave = (): void => void socket?.destroy(new Error("whoever asked has left"));
    const socket = connect(
      {
        hostname: url.hostname,
        host: url.host,
        protocol: url.protocol,
        port: url.port === "" ? (secure ? "443" : "80") : url.port,
      },
      (error, opened) => {
        left.removeEventListener("abort", leave);
        const nowMs = clock.monotonicMs();
        const fault = error === null ? null : failureWords(codeOf(error));
        const came = connectedMs ?? (error === null ? nowMs : null);
        resolve({
          tcpMs: (came ?? nowMs) - startedMs,
          tcpFault: came === null ? fault : null,
          tlsMs: came === null ? 0 : nowMs - came,
          tlsFault: came === null ? null : fault,
          tls: opened instanceof TLSSocket ? describe(opened) : null,
        });
        opened?.destroy();
      },
    );
    socket?.once("connect", () => {
      connectedMs = clock.monotonicMs();
    });
    left.addEventListener("abort", leave, { once: true });
  });
}

function describe(socket: TLSSocket): string {
  const { subject, valid_to: until } = socket.getPeerCertificate();
  const name = subject?.CN;
  const whose = typeof name === "string" && name !== "" ? `certificate of ${name}` : "certificate";
  return `${socket.getProtocol() ?? "TLS"}, ${whose} until ${until}.`;
}
