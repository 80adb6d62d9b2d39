import tls from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Client } from "../../../lib/client.js";
import { ConnectionError, TlsError } from "../../../lib/errors/connection-errors.js";
import { readTlsFolder } from "../../../lib/transport/dial/tls.js";
import { certify } from "../../support/certificates.js";
import { failureOf } from "../../support/probe.js";
import { clientFor, forward, itConnects, needsTestbed, testbed } from "./support.js";

describe("a TLS endpoint", () => {
  needsTestbed("TESTBED_TLS_HOST");

  let endpoint: string;
  let end = () => Promise.resolve();
  beforeAll(async () => {
    if (!process.env.TESTBED_TLS_HOST) return;
    const forwarded = await forward(new URL(testbed("TLS_HOST")).port);
    endpoint = `tcp://127.0.0.1:${forwarded.port}`;
    end = forwarded.end;
  });
  afterAll(() => end());

  const material = () => readTlsFolder(testbed("TLS_CERT_PATH"));

  itConnects(() => clientFor({ endpoint, tls: material() }));

  it("can be configured by the environment", async () => {
    const env = { DOCKER_HOST: endpoint, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: testbed("TLS_CERT_PATH") };
    await using client = Client.fromEnv({ auth: false }, env);
    expect((await client.version()).ApiVersion).toBe(testbed("API_VERSION"));
  });

  describe.each(["TLSv1.2", "TLSv1.3"] as const)("over %s", (version) => {
    const usual = tls.DEFAULT_MAX_VERSION;
    beforeAll(() => {
      tls.DEFAULT_MAX_VERSION = version;
    });
    afterAll(() => {
      tls.DEFAULT_MAX_VERSION = usual;
    });

    it("accepts the client certificate", async () => {
      expect(await clientFor({ endpoint, tls: material() }).negotiate()).toBe(testbed("API_VERSION"));
    });

    it("fails if another CA issued the server certificate", async () => {
      const { cert: ca } = certify({ name: "another authority" });
      const error = await failureOf(clientFor({ endpoint, tls: { ...material(), ca } }).negotiate());
      expect(error).toBeInstanceOf(TlsError);
      expect(error).toMatchObject({ side: "server", operation: "negotiate" });
    });

    it("rejects clients without a certificate", async () => {
      const { ca } = material();
      expect(await failureOf(clientFor({ endpoint, tls: { ca } }).negotiate())).toMatchObject({
        name: "TlsError",
        side: "client",
      });
    });

    it("rejects client certificates from another CA", async () => {
      const { ca } = material();
      const stranger = certify({ name: "stranger", by: certify({ name: "another authority" }) });
      const error = await failureOf(clientFor({ endpoint, tls: { ca, ...stranger } }).negotiate());
      // servers of Node.js close such connections without a TLS alert
      if (process.env.TESTBED_EMBEDDED !== undefined) expect(error).toBeInstanceOf(ConnectionError);
      else expect(error).toMatchObject({ name: "TlsError", side: "client" });
    });
  });

  it("rejects plain HTTP", async () => {
    const error = await failureOf(clientFor({ endpoint }).negotiate());
    expect(error).toMatchObject({ name: "TlsError", side: "protocol", operation: "negotiate" });
  });
});
