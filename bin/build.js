// `npm run build`, and before packing: builds dist unless it is current. Plain JavaScript for Node 20.
import { ensureBuilt, ensureInstalled, orExplain } from "./setup.js";

await orExplain(() => {
  ensureInstalled();
  ensureBuilt();
});
