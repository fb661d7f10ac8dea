import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { AddressRefused, guardedLookup, isReachable } from "./address-guard.ts";

describe("never reachable, whatever is allowed", () => {
  test.each([
    ["unspecified", "0.0.0.0"],
    ["the network that stands for this host", "0.1.2.3"],
    ["cloud metadata", "169.254.169.254"],
    ["container metadata", "169.254.170.2"],
    ["the first of link-local", "169.254.0.0"],
    ["the last of link-local", "169.254.255.255"],
    ["Alibaba Cloud's metadata", "100.100.100.200"],
    ["Azure's wire server", "168.63.129.16"],
    ["protocol assignments", "192.0.0.1"],
    ["the first of multicast", "224.0.0.1"],
    ["the last of multicast", "239.255.255.255"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["IPv6 unspecified", "::"],
    ["IPv6 unspecified, written out", "0:0:0:0:0:0:0:0"],
    ["IPv6 link-local", "fe80::1"],
    ["IPv6 link-local, last", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["IPv6 link-local with a zone", "fe80::1%eth0"],
    ["IPv6 multicast", "ff02::1"],
    ["IPv6 multicast with a zone", "ff02::1%1"],
    ["Amazon's IPv6 metadata", "fd00:ec2::254"],
    ["Amazon's IPv6 metadata, written out", "fd00:0ec2:0000:0000:0000:0000:0000:0254"],
    ["Amazon's IPv6 pod identity", "fd00:ec2::23"],
    ["Google's IPv6 metadata", "fd20:ce::254"],
    ["mapped metadata", "::ffff:169.254.169.254"],
    ["mapped metadata in hexadecimal", "::ffff:a9fe:a9fe"],
    ["mapped metadata in capitals", "::FFFF:A9FE:A9FE"],
    ["mapped metadata, written out", "0:0:0:0:0:ffff:a9fe:a9fe"],
    ["mapped metadata with a zone", "::ffff:169.254.169.254%eth0"],
    ["mapped unspecified", "::ffff:0.0.0.0"],
    ["NAT64 to metadata", "64:ff9b::a9fe:a9fe"],
    ["NAT64 to metadata, dotted", "64:ff9b::169.254.169.254"],
    ["NAT64 of a network's own to metadata", "64:ff9b:1::a9fe:a9fe"],
    ["6to4 to metadata", "2002:a9fe:a9fe::1"],
    ["6to4 to multicast", "2002:e000:1::"],
  ])("%s: %s", (_, address) => {
    expect(isReachable(address, "private")).toBe(false);
    expect(isReachable(address, "public")).toBe(false);
  });
});

describe("reachable only where private networks are allowed", () => {
  test.each([
    ["loopback", "127.0.0.1"],
    ["the last of loopback", "127.255.255.255"],
    ["class A private", "10.0.0.1"],
    ["the first of class B private", "172.16.0.0"],
    ["the last of class B private", "172.31.255.255"],
    ["class C private", "192.168.1.1"],
    ["the first of shared address space", "100.64.0.0"],
    ["the last of shared address space", "100.127.255.255"],
    ["benchmarking", "198.18.0.1"],
    ["IPv6 loopback", "::1"],
    ["IPv6 loopback, written out", "0:0:0:0:0:0:0:1"],
    ["unique local, fc", "fc00::1"],
    ["unique local, fd", "fd12:3456::1"],
    ["unique local, last", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["mapped loopback", "::ffff:127.0.0.1"],
    ["mapped loopback in hexadecimal", "::ffff:7f00:1"],
    ["mapped loopback with a zone", "::ffff:127.0.0.1%lo"],
    ["mapped private", "::ffff:10.1.2.3"],
    ["NAT64 to private", "64:ff9b::c0a8:1"],
    ["NAT64 of a network's own", "64:ff9b:1::7f00:1"],
    ["6to4 to loopback", "2002:7f00:1::"],
    ["6to4 to private", "2002:c0a8:101:1:2:3:4:5"],
    ["site-local", "fec0::1"],
  ])("%s: %s", (_, address) => {
    expect(isReachable(address, "private")).toBe(true);
    expect(isReachable(address, "public")).toBe(false);
  });
});

describe("reachable from everywhere", () => {
  test.each([
    ["a public address", "1.1.1.1"],
    ["below class A private", "9.255.255.255"],
    ["above class A private", "11.0.0.0"],
    ["above the network of this host", "1.0.0.0"],
    ["below loopback", "126.255.255.255"],
    ["above loopback", "128.0.0.0"],
    ["below class B private", "172.15.255.255"],
    ["above class B private", "172.32.0.0"],
    ["below class C private", "192.167.255.255"],
    ["above class C private", "192.169.0.0"],
    ["below shared address space", "100.63.255.255"],
    ["above shared address space", "100.128.0.0"],
    ["below link-local", "169.253.255.255"],
    ["above link-local", "169.255.0.0"],
    ["below multicast", "223.255.255.255"],
    ["above benchmarking", "198.20.0.0"],
    ["a public IPv6 address", "2606:4700:4700::1111"],
    ["above link-local in IPv6", "2001:4860::8888"],
    ["mapped public", "::ffff:8.8.8.8"],
    ["NAT64 to public", "64:ff9b::808:808"],
    ["6to4 to public", "2002:808:808::1"],
  ])("%s: %s", (_, address) => {
    expect(isReachable(address, "private")).toBe(true);
    expect(isReachable(address, "public")).toBe(true);
  });
});

describe("what is no IP address is not reachable", () => {
  test.each([
    ["nothing", ""],
    ["a host name", "localhost"],
    ["a space in front", " 1.1.1.1"],
    ["a line end behind", "1.1.1.1\n"],
    ["brackets", "[2606:4700::1111]"],
    ["a port", "1.1.1.1:80"],
    ["three parts", "127.1"],
    ["one number", "2130706433"],
    ["hexadecimal", "0x7f000001"],
    ["octal", "0177.0.0.1"],
    ["a leading zero", "01.1.1.1"],
    ["five parts", "1.1.1.1.1"],
    ["a part too large", "1.1.1.256"],
    ["IPv4 with a zone", "1.1.1.1%eth0"],
    ["a zone alone", "%eth0"],
    ["an empty zone", "2606:4700::1111%"],
    ["two double colons", "2606::4700::1111"],
    ["nine words", "1:2:3:4:5:6:7:8:9"],
    ["a subnet", "1.1.1.0/24"],
    ["digits of another script", "١.١.١.١"],
  ])("%s", (_, address) => {
    expect(isReachable(address, "private")).toBe(false);
    expect(isReachable(address, "public")).toBe(false);
  });
});

describe("guardedLookup", () => {
  let server: Server | undefined;
  let socket: Socket | undefined;

  afterEach(async () => {
    socket?.destroy();
    server?.close();
    if (server !== undefined) await once(server, "close");
    server = undefined;
    socket = undefined;
  });

  async function listen(): Promise<number> {
    server = createServer((peer) => peer.on("error", () => undefined)).listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port; // A TCP server's address is an object.
  }

  test("lets a connection to an allowed address through", async () => {
    socket = connect({ host: "localhost", port: await listen(), lookup: guardedLookup("private") });
    await once(socket, "connect");
    expect(socket.remoteAddress).toBe("127.0.0.1");
  });

  test("refuses a name that has only refused addresses, and does not say which", async () => {
    const port = await listen();
    let connections = 0;
    server?.on("connection", () => {
      connections += 1;
    });
    socket = connect({ host: "localhost", port, lookup: guardedLookup("public") });
    const [error] = (await once(socket, "error").catch((caught: unknown) => [caught])) as unknown[];
    expect(error).toBeInstanceOf(AddressRefused);
    expect(error).toMatchObject({ code: "ERR_ADDRESS_REFUSED" });
    expect(String(error)).not.toMatch(/127|::1|localhost/);
    expect(connections).toBe(0);
  });

  test("passes on why a name could not be resolved", async () => {
    const { promise, resolve } = Promise.withResolvers<Error | null>();
    guardedLookup("private")("name with spaces.invalid", {}, (error, addresses) => {
      expect(addresses).toEqual([]);
      resolve(error);
    });
    const error = await promise;
    expect(error).not.toBeNull();
    expect(error).not.toBeInstanceOf(AddressRefused);
  });
});
