// ComfyUI's WebSocket: what happens to the prompts of a client. Must not know handshakes or how prompts run.
import { isRecord } from "../fields.ts";
import { Outbox } from "../socket.ts";
import type { SocketCall } from "../socket.ts";
import { clientsOf } from "./clients.ts";
import type { Listener } from "./clients.ts";
import { queueOf } from "./queue.ts";
import { features } from "./system.ts";

export function serveComfyui(call: SocketCall): void {
  const { socket, query, account, fault } = call;
  const given = query.get("clientId") ?? "";
  const sid = given === "" ? call.newUuid().replaceAll("-", "") : given;
  // The pace of the knobs is that of the work, not of telling about it.
  const outbox = new Outbox({ ...call, knobs: {} });
  const listener: Listener = {
    send: (data) => outbox.put({ data, isToken: false }),
    replace: () => socket.close(1000),
    hasPreviewMetadata: false,
  };
  const clients = clientsOf(account);
  clients.add(sid, listener);
  socket.once("close", () => clients.remove(sid, listener));
  if (fault === "stall-first-packet") return outbox.fallSilent();
  outbox.pause(call.knobs.ttftMs ?? 0);
  const status = { exec_info: { queue_remaining: queueOf(account).remaining } };
  listener.send(JSON.stringify({ type: "status", data: { status, sid } }));
  if (fault === "stall-mid-stream") return outbox.put(() => outbox.fallSilent());
  if (fault === "truncate") return outbox.put(() => socket.terminate());
  queueOf(account).greet(sid);
  socket.on("message", (data, isBinary) => {
    if (!isBinary) takeText(listener, Buffer.isBuffer(data) ? data.toString() : "");
  });
}

/** The only thing that a client says is what it understands. */
function takeText(listener: Listener, text: string): void {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return;
  }
  if (!isRecord(message) || message["type"] !== "feature_flags" || !isRecord(message["data"])) return;
  listener.hasPreviewMetadata = message["data"]["supports_preview_metadata"] === true;
  listener.send(JSON.stringify({ type: "feature_flags", data: features }));
}
