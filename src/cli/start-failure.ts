// Says in one line why a start failed, and which variable mends it. Knows no part of the server.
import type { Settings } from "../app/settings.ts";

type SystemError = Error & {
  readonly code?: unknown;
  readonly port?: unknown;
  readonly path?: unknown;
  readonly address?: unknown;
};

/** @returns one line without a stack; an unknown failure keeps its own message */
export function explainStartFailure(error: unknown, settings: Settings): string {
  if (!(error instanceof Error)) return String(error);
  const failure: SystemError = error;
  const isListening = "syscall" in failure && (failure.syscall === "listen" || failure.syscall === "bind");
  if (isListening || failure.code === "EADDRINUSE") return listenFailure(failure, settings);
  if (failure.code === "ENOTFOUND" || failure.code === "EAI_AGAIN") return hostFailure(failure, settings);
  if (typeof failure.path === "string" && isAround(failure.path, settings.dataDir)) {
    return `the data folder ${settings.dataDir} cannot be used (${firstLine(failure)}): make it a writable folder, or set MOONGATE_DATA_DIR to one`;
  }
  return firstLine(failure);
}

/** Making a folder may fail at one of its parents, using it at something inside. */
function isAround(path: string, folder: string): boolean {
  return path.startsWith(folder) || folder.startsWith(path);
}

function firstLine(error: Error): string {
  return error.message.split("\n")[0] ?? error.message;
}

function listenFailure(error: SystemError, settings: Settings): string {
  const side = error.port === settings.consolePort ? "CONSOLE" : "GATEWAY";
  const host = side === "CONSOLE" ? settings.consoleHost : settings.gatewayHost;
  const port = typeof error.port === "number" ? error.port : settings.gatewayPort;
  const place = `${host} port ${port}`;
  switch (error.code) {
    case "EADDRINUSE":
      return `${place} is in use: stop the program that uses it, or set MOONGATE_${side}_PORT to another port`;
    case "EACCES":
      return `${place} is not allowed for this user: set MOONGATE_${side}_PORT to a port from 1024 on`;
    case "EADDRNOTAVAIL":
      return `${host} is no address of this machine: set MOONGATE_${side}_HOST to one, or to 0.0.0.0 for all`;
    default:
      return `cannot listen on ${place} (${firstLine(error)}): see MOONGATE_${side}_HOST and MOONGATE_${side}_PORT`;
  }
}

function hostFailure(error: SystemError, settings: Settings): string {
  const found = [settings.consoleHost, settings.gatewayHost].find((host) => error.message.includes(host));
  const side = found === settings.consoleHost ? "CONSOLE" : "GATEWAY";
  return `the host name ${found ?? settings.gatewayHost} has no address: set MOONGATE_${side}_HOST to an IP address`;
}
