import { describe, expect, test } from "vitest";
import { parseListenAddress } from "../../lib/service/listen-address.js";

const certificate = { cert: "cert", key: "key" };
const verifying = { ...certificate, ca: "ca" };

describe("an endpoint to listen on", () => {
  test.each([
    ["unix:///run/engine.sock", { path: "/run/engine.sock" }],
    ["tcp://127.0.0.1:2375", { host: "127.0.0.1", port: 2375, tls: undefined }],
    ["tcp://127.9.0.1:0", { host: "127.9.0.1", port: 0, tls: undefined }],
    ["tcp://[::1]:2375", { host: "::1", port: 2375, tls: undefined }],
    ["tcp://localhost:65535", { host: "localhost", port: 65_535, tls: undefined }],
  ])("%s", (endpoint, address) => {
    expect(parseListenAddress(endpoint, undefined)).toEqual(address);
  });

  test.each([
    "",
    "unix://",
    "unix://engine.sock",
    "unix:///a\0b",
    "tcp://127.0.0.1",
    "tcp://127.0.0.1:65536",
    "tcp://:1",
    "http://127.0.0.1:1",
  ])("%j is refused", (endpoint) => {
    expect(() => parseListenAddress(endpoint, verifying)).toThrow(
      new TypeError(`cannot listen on ${JSON.stringify(endpoint)}: use unix:///path or tcp://127.0.0.1:port`),
    );
  });

  test("other machines reach it only with client certificates", () => {
    for (const host of ["0.0.0.0", "[::]", "192.0.2.1", "engine.example", "127.0.0.1.example"]) {
      const endpoint = `tcp://${host}:2376`;
      expect(() => parseListenAddress(endpoint, undefined)).toThrow(/without client certificates, only loopback addresses/);
      expect(() => parseListenAddress(endpoint, certificate)).toThrow(TypeError);
      expect(parseListenAddress(endpoint, verifying)).toMatchObject({ port: 2376, tls: verifying });
    }
  });
});
