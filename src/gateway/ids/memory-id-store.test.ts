import { idStoreContract } from "../../store/id-store-contract.ts";
import { createMemoryIdStore } from "./memory-id-store.ts";

idStoreContract("memory", () => {
  // Everybody who opens it has the one that there is.
  let store: ReturnType<typeof createMemoryIdStore> | undefined;
  return Promise.resolve({
    open: (clock) => (store ??= createMemoryIdStore(clock)),
    remove: () => Promise.resolve(),
  });
});
