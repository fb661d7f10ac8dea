// Runs the bare socket relay as the floor where nginx is missing.
// It must not know measures.

import { fileURLToPath } from "node:url";

import { accepts, type Candidate, freePort, startProcess, waitUntil } from "./candidate.ts";

const RELAY = fileURLToPath(new URL("../load/relay.ts", import.meta.url));

export const relay: Candidate = {
  name: "relay",
  warmUpMs: 5000,
  prepare: () => Promise.resolve(`socket relay on Node ${process.versions.node}`),
  async start(site) {
    const port = await freePort();
    const command = [process.execPath, RELAY, String(port), String(site.upstreamPort)];
    const started = await startProcess(site, "relay", command);
    await waitUntil("the relay", started, () => accepts(port));
    return { port, path: "/v1/chat/completions", headers: {}, pid: started.pid, stop: started.stop };
  },
};
