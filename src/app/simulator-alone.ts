// The simulator as a program of its own. Here because only `app` knows every part; must not know the gateway.
import { startSimulator } from "../simulator/simulator.ts";

/** A running simulator, reachable at `url`. */
export interface SimulatorAlone {
  readonly url: string;
  close(): Promise<void>;
}

export function startSimulatorAlone(options: { host: string; port: number }): Promise<SimulatorAlone> {
  return startSimulator(options);
}
