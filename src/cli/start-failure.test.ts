// What a reader sees when a start fails.
import { expect, test } from "vitest";
import { readSettings } from "../app/settings.ts";
import { explainStartFailure } from "./start-failure.ts";

const read = readSettings({ MOONGATE_DATA_DIR: "/var/moongate" });
if ("problems" in read) throw new Error("the defaults are valid");
const { settings } = read;

function systemError(message: string, fields: Record<string, unknown>): Error {
  return Object.assign(new Error(message), fields);
}

test.each([
  [
    "a gateway port in use",
    systemError("listen EADDRINUSE", { code: "EADDRINUSE", syscall: "listen", port: 8080 }),
    /^0\.0\.0\.0 port 8080 is in use: .*MOONGATE_GATEWAY_PORT/,
  ],
  [
    "a console port in use",
    systemError("listen EADDRINUSE", { code: "EADDRINUSE", syscall: "listen", port: 8081 }),
    /^127\.0\.0\.1 port 8081 is in use: .*MOONGATE_CONSOLE_PORT/,
  ],
  [
    "a port for root only",
    systemError("listen EACCES", { code: "EACCES", syscall: "listen", port: 8080 }),
    /not allowed for this user: set MOONGATE_GATEWAY_PORT/,
  ],
  [
    "an address of another machine",
    systemError("listen EADDRNOTAVAIL", { code: "EADDRNOTAVAIL", syscall: "listen", port: 8081 }),
    /^127\.0\.0\.1 is no address of this machine: set MOONGATE_CONSOLE_HOST/,
  ],
  [
    "a host without address",
    systemError("getaddrinfo ENOTFOUND 0.0.0.0", { code: "ENOTFOUND", syscall: "getaddrinfo" }),
    /host name 0\.0\.0\.0 has no address: set MOONGATE_GATEWAY_HOST/,
  ],
  [
    "a data folder that cannot be written",
    systemError("EACCES: permission denied, mkdir '/var/moongate'", {
      code: "EACCES",
      path: "/var/moongate",
    }),
    /^the data folder \/var\/moongate cannot be used \(EACCES.*MOONGATE_DATA_DIR/,
  ],
  [
    "a data folder below something that is no folder",
    systemError("ENOTDIR: not a directory, mkdir '/var'", { code: "ENOTDIR", path: "/var" }),
    /^the data folder \/var\/moongate cannot be used \(ENOTDIR.*MOONGATE_DATA_DIR/,
  ],
  [
    "a failure with its own words",
    new Error("The master key is missing: set it.\nmore"),
    /^The master key is missing: set it\.$/,
  ],
  ["something thrown that is no error", "odd", /^odd$/],
])("%s is told in one line", (_name, error, message) => {
  const line = explainStartFailure(error, settings);
  expect(line).toMatch(message);
  expect(line).not.toContain("\n");
});
