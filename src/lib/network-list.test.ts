import { describe, expect, test } from "vitest";
import { networkOf, isNetwork, NetworkList, TrustedProxies } from "./network-list.ts";

describe("isNetwork", () => {
  test.each([
    ["an IPv4 address", "192.0.2.1", true],
    ["an IPv4 network", "10.0.0.0/8", true],
    ["everything", "0.0.0.0/0", true],
    ["an IPv6 address", "2001:db8::1", true],
    ["an IPv6 network", "2001:db8::/32", true],
    ["too long a prefix", "10.0.0.0/33", false],
    ["too long a prefix of IPv6", "::/129", false],
    ["a name", "example.com", false],
    ["a zone", "fe80::1%eth0", false],
    ["no prefix after the slash", "10.0.0.0/", false],
    ["a shortened address", "10.1", false],
    ["nothing", "", false],
  ])("%s", (_, text, expected) => {
    expect(isNetwork(text)).toBe(expected);
  });
});

describe("NetworkList", () => {
  const list = new NetworkList(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]);
  test.each([
    ["an address of a network", "10.200.0.1", true],
    ["one beside it", "11.0.0.1", false],
    ["a single address", "192.0.2.7", true],
    ["its neighbour", "192.0.2.8", false],
    ["an IPv4 address as an IPv6 socket shows it", "::ffff:10.0.0.1", true],
    ["an IPv6 address", "2001:db8:1::1", true],
    ["one with a zone", "2001:db8::1%eth0", true],
    ["no address", "", false],
    ["a name", "localhost", false],
  ])("%s", (_, text, expected) => {
    expect(list.has(text)).toBe(expected);
  });
});

describe("TrustedProxies", () => {
  const proxies = new TrustedProxies(["10.0.0.0/8", "::1"]);
  test.each<[string, string, string[], string]>([
    ["a stranger's word is not believed", "192.0.2.1", ["198.51.100.9"], "192.0.2.1"],
    ["a proxy says who called", "10.0.0.1", ["198.51.100.9"], "198.51.100.9"],
    ["a proxy behind a proxy", "10.0.0.1", ["198.51.100.9, 10.0.0.2"], "198.51.100.9"],
    ["several headers are one list", "10.0.0.1", ["203.0.113.5", "198.51.100.9, 10.0.0.2"], "198.51.100.9"],
    ["what the client wrote itself", "10.0.0.1", ["10.0.0.7, 127.0.0.1, 198.51.100.9"], "198.51.100.9"],
    ["a proxy that says nothing", "10.0.0.1", [], "10.0.0.1"],
    ["a proxy that says nonsense", "10.0.0.1", ["198.51.100.9, unknown"], "10.0.0.1"],
    ["nonsense behind a second proxy", "10.0.0.1", ["x, 10.0.0.2"], "10.0.0.2"],
    ["proxies all the way", "10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"],
    ["a port", "10.0.0.1", ["198.51.100.9:4711"], "198.51.100.9"],
    ["IPv6 with a port", "::1", ["[2001:db8::9]:4711"], "2001:db8::9"],
    ["IPv6 without", "::1", ["2001:db8::9"], "2001:db8::9"],
    ["a mapped proxy", "::ffff:10.0.0.1", ["198.51.100.9"], "198.51.100.9"],
  ])("%s", (_, remote, forwardedFor, expected) => {
    expect(proxies.clientOf(remote, forwardedFor)).toBe(expected);
  });
});

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::6", "2001:db8:1:2::/64"],
  ["2001:0db8:0001:0002:ffff::", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8::3:4:5:6", "2001:db8:0:0::/64"],
  ["2001:db8::2:3:4:5:6", "2001:db8:0:2::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["64:ff9b::192.0.2.7", "64:ff9b:0:0::/64"],
  ["", ""],
])("%s is of the network %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
