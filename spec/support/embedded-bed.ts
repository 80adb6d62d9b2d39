import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmbeddedEngine, EmbeddedRegistry } from "../../lib/engine/index.js";
import { certify } from "./certificates.js";

/** A running embedded engine with a registry and a TLS endpoint. */
export interface EmbeddedBed {
  /** The environment of behaviour specs, as `spec/testbed/engine env` prints it. */
  env: Record<string, string>;
  /** Stops everything. */
  close(): Promise<void>;
}

const user = { name: "spec", password: "spec-password" };

/** Starts an embedded engine for behaviour specs. */
export async function startEmbeddedBed(executor: "oci" | "program"): Promise<EmbeddedBed> {
  const folder = mkdtempSync(join(tmpdir(), "embedded-"));
  const ca = certify({ name: "test bed" });
  const server = certify({ name: "engine", for: "IP:127.0.0.1,DNS:localhost", by: ca });
  const client = certify({ name: "client", by: ca });
  for (const [name, content] of Object.entries({ ca: ca.cert, cert: client.cert, key: client.key }))
    writeFileSync(join(folder, `${name}.pem`), content, { mode: 0o600 });
  const engine = await EmbeddedEngine.start({
    listen: [`unix://${join(folder, "docker.sock")}`, "tcp://127.0.0.1:0"],
    dataRoot: join(folder, "data"),
    executor,
    tls: { ...server, ca: ca.cert },
    onReport: (message) => process.stderr.write(`engine: ${message}\n`),
  });
  const registry = await EmbeddedRegistry.start({ users: { [user.name]: user.password } });
  return {
    env: {
      DOCKER_HOST: engine.endpoint,
      DOCKER_CONFIG: folder, // holds no credentials
      TESTBED_EMBEDDED: executor,
      TESTBED_API_VERSION: "1.51",
      TESTBED_TLS_HOST: engine.endpoints[1] ?? "",
      TESTBED_TLS_CERT_PATH: folder,
      TESTBED_REGISTRY: registry.address,
      TESTBED_REGISTRY_USER: user.name,
      TESTBED_REGISTRY_PASSWORD: user.password,
    },
    close: async () => {
      await engine.close();
      await registry.close();
      rmSync(folder, { recursive: true });
    },
  };
}
