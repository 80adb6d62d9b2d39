import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmbeddedEngine, EmbeddedRegistry } from "../../lib/engine/index.js";
import { certify } from "./certificates.js";

/** How the engine of a bed is started. */
export interface BedSettings {
  /** A folder for its data, and with its certificates: `ca.pem`, `server.pem` and `server-key.pem`. */
  readonly folder: string;
  readonly listen: readonly string[];
  readonly executor: "oci" | "program";
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string };
}

/** The engine of a bed. */
export interface BedEngine {
  /** Its endpoints: a unix socket, and TCP with TLS. */
  readonly endpoints: readonly string[];
  /** Stops it. */
  close(): Promise<void>;
}

/** A running embedded engine with a registry and a TLS endpoint. */
export interface EmbeddedBed<E extends BedEngine = BedEngine> {
  readonly engine: E;
  /** A folder that is removed with the bed. */
  readonly folder: string;
  /** The environment of behaviour specs, as `spec/testbed/engine env` prints it. */
  readonly env: Record<string, string>;
  /** Stops everything. */
  close(): Promise<void>;
}

const user = { name: "spec", password: "spec-password" };

/** Starts the engine of a bed in this process. */
export function startInProcess({ folder, listen, executor, tls }: BedSettings): Promise<BedEngine> {
  return EmbeddedEngine.start({
    listen: [...listen],
    dataRoot: join(folder, "data"),
    executor,
    tls,
    onReport: (message) => process.stderr.write(`engine: ${message}\n`),
  });
}

/**
 * Starts an embedded engine for behaviour specs.
 *
 * @param start - starts the engine itself.
 */
export async function startEmbeddedBed<E extends BedEngine>(
  executor: "oci" | "program",
  start: (settings: BedSettings) => Promise<E>,
): Promise<EmbeddedBed<E>> {
  const folder = mkdtempSync(join(tmpdir(), "embedded-"));
  const ca = certify({ name: "test bed" });
  const server = certify({ name: "engine", for: "IP:127.0.0.1,DNS:localhost", by: ca });
  const client = certify({ name: "client", by: ca });
  const files = { ca: ca.cert, cert: client.cert, key: client.key, server: server.cert, "server-key": server.key };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, `${name}.pem`), content, { mode: 0o600 });
  const listen = [`unix://${join(folder, "docker.sock")}`, "tcp://127.0.0.1:0"];
  const engine = await start({ folder, listen, executor, tls: { ...server, ca: ca.cert } });
  const registry = await EmbeddedRegistry.start({ users: { [user.name]: user.password } });
  return {
    engine,
    folder,
    env: {
      DOCKER_HOST: engine.endpoints[0] ?? "",
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
