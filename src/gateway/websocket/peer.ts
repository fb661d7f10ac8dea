// The seam between the relay and whatever frames WebSockets: one end of one connection. Knows no server library.

/** What a close frame says. */
export interface Goodbye {
  readonly code: number | undefined;
  readonly reason: Buffer | string;
}

/**
 * How a connection ended.
 * - `closed`: by a close frame; `code` is undefined when it held none.
 * - `broken`: the other end sent what the protocol forbids and was told so with `code` (1002, 1007, 1008, 1009).
 * - `lost`: without a close frame.
 */
export type Ending =
  | ({ readonly kind: "closed" } & Goodbye)
  | { readonly kind: "broken"; readonly code: number }
  | { readonly kind: "lost" };

/** Receives what one end says. After `onEnded` nothing is called any more but `onFlushed`. */
export interface PeerHandler {
  onMessage(data: Buffer, binary: boolean): void;
  onPing(data: Buffer): void;
  onPong(): void;
  /** Something that was sent has been taken by the system, or never will be. */
  onFlushed(): void;
  /** Called once, unless this side closed first. */
  onEnded(ending: Ending): void;
}

export interface Peer {
  handler: PeerHandler | null;
  /** The subprotocol that was agreed on; "" for none. */
  readonly protocol: string;
  /** Bytes sent and not yet taken by the system. */
  readonly backlog: number;
  /** Sends one message; harmless after the end. */
  send(data: Buffer | string, binary: boolean): void;
  ping(): void;
  pong(data: Buffer): void;
  /** Stops and starts reading. */
  pause(): void;
  resume(): void;
  /** Says goodbye and lets the other end go at once; harmless after the end. Reasons are cut at 123 bytes. */
  close(code: number | undefined, reason: Buffer | string): void;
}
