// As much of the library as the tests use; it brings no types of its own.
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  interface Context {
    readonly oidc: {
      readonly provider: Provider;
      readonly client: { readonly clientId: string };
      readonly session: { readonly accountId: string };
    };
  }

  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }

  export default class Provider {
    constructor(issuer: string, configuration: object);
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
    readonly Grant: new (properties: { readonly accountId: string; readonly clientId: string }) => Grant;
  }
}

declare module "oidc-provider/lib/adapters/memory_adapter.js" {
  /** Keeps everything in this process. */
  const MemoryAdapter: new (model: string) => object;
  export default MemoryAdapter;
}
