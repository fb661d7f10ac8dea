// Services, gateways and raw clients of the suites of sockets, closed after each test. Must not know what a suite is about.
import type { SnapshotApi } from "../../src/snapshot/snapshot.ts";
import type { Keep } from "./keeper.ts";
import type { RawClient } from "./raw-client.ts";
import { SocketService, type SocketServiceOptions } from "./socket-client.ts";
import { startSocketGateway, type SocketGateway } from "./socket-gateway.ts";
import { speak } from "./speech-frames.ts";

/** Opens what a suite of sockets needs; `keep` closes it. */
export function createSocketScene(keep: Keep) {
  const serviceOf = async (options: SocketServiceOptions = {}): Promise<SocketService> =>
    keep(await SocketService.start({ onSocket: (log) => speak(log), ...options }));

  const gatewayOf = async (...parameters: Parameters<typeof startSocketGateway>): Promise<SocketGateway> =>
    keep(await startSocketGateway(...parameters));

  return {
    serviceOf,
    gatewayOf,

    /** One service behind a speech API. */
    speech: async (
      options: SocketServiceOptions = {},
      api: Partial<SnapshotApi> = {},
    ): Promise<{ readonly service: SocketService; readonly gateway: SocketGateway }> => {
      const service = await serviceOf(options);
      const gateway = await gatewayOf({ kind: "speech", services: [{ name: "up", url: service.url }], api });
      return { service, gateway };
    },

    keepRaw: (client: RawClient): RawClient => {
      keep({
        close: async () => {
          client.destroy();
          await Promise.resolve();
        },
      });
      return client;
    },
  };
}
