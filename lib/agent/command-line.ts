import { join } from "node:path";
import { parseArgs } from "node:util";
import { Client } from "../index.js";
import { readLevel, readOptionFile, readServiceFlags, SERVICE_FLAGS } from "../service/command-line.js";
import type { LogLevel } from "../service/log.js";
import { packageVersion } from "../service/package-version.js";
import type { AgentOptions } from "./options.js";

/** What a command line asks for: an agent, or a text. */
export type Command = { readonly agent: AgentOptions; readonly logLevel: LogLevel } | { readonly print: "help" | "version" };

/** What `--help` prints. */
export const HELP = `Usage: ts-dockerclient-agent [OPTIONS]

Manages the containers of this host for callers that speak JSON-RPC over HTTP.

Options:
      --listen ENDPOINT          Where to listen: 127.0.0.1:30001, unix:///path or tcp://host:port; may be repeated
                                 (default: 127.0.0.1:30001)
  -p, --port PORT                Listen on this port of 127.0.0.1, as mdocker did
  -e, --endpoint ENDPOINT        The engine (default: that of the environment)
  -d, --docker-cert-path DIR     Folder with ca.pem, cert.pem and key.pem for the engine (default: DOCKER_CERT_PATH)
  -i, --image-service HOST       Where images are imported and loaded from: host, host:port or :port
      --image-redirect-host HOST A host that the image service may redirect to; may be repeated
      --token-file FILE          File with a bearer token on each line; its mode must be 0600
      --tls-cert FILE            Certificate for TCP
      --tls-key FILE             Private key of the certificate
      --tls-client-ca FILE       Certificates of the authorities that sign client certificates
      --tls-client-name NAME     A name that client certificates may have; may be repeated (default: any)
      --host-name NAME           A name that the Host header may have; may be repeated
      --policy FILE              What callers may do, in JSON
      --state-dir DIR            Folder for what outlives the agent: idempotency keys (default: in memory)
      --stdin                    Guests have an open standard input
      --publish-all              Every exposed port of a guest is published
      --require-nic              A guest must have a network interface
      --device PATH              A device that every guest gets; may be repeated
  -l, --log-level LEVEL          debug, info, warning or error (default: warning)
  -h, --help                     Print this text
  -v, --version                  Print the version

SIGTERM ends the agent in order, a second one at once. SIGHUP reads the token file and the policy again.
`;

/**
 * Parses the arguments of `ts-dockerclient-agent`.
 *
 * @throws an `Error` with a message for the user.
 */
export function parseCommandLine(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...SERVICE_FLAGS,
      port: { type: "string", short: "p" },
      endpoint: { type: "string", short: "e" },
      "docker-cert-path": { type: "string", short: "d" },
      "image-service": { type: "string", short: "i" },
      "image-redirect-host": { type: "string", multiple: true },
      policy: { type: "string" },
      "state-dir": { type: "string" },
      stdin: { type: "boolean" },
      "publish-all": { type: "boolean" },
      "require-nic": { type: "boolean" },
      device: { type: "string", multiple: true },
    },
  });
  if (values.help) return { print: "help" };
  if (values.version) return { print: "version" };
  const port = values.port === undefined ? [] : [`tcp://127.0.0.1:${readPort(values.port)}`];
  const { listen = [], ...service } = readServiceFlags(values);
  const certificates = values["docker-cert-path"] ?? (env["DOCKER_CERT_PATH"] || undefined);
  const client = certificates === undefined ? undefined : clientWith(certificates, values.endpoint ?? env["DOCKER_HOST"]);
  return {
    agent: {
      ...service,
      ...((port.length > 0 || listen.length > 0) && { listen: [...port, ...listen] }),
      ...(client ? { client } : values.endpoint !== undefined && { endpoint: values.endpoint }),
      ...(values["image-service"] !== undefined && { imageService: values["image-service"] }),
      ...(values["image-redirect-host"] && { imageRedirectHosts: values["image-redirect-host"] }),
      ...(values.policy !== undefined && { policy: values.policy }),
      ...(values["state-dir"] !== undefined && { stateDirectory: values["state-dir"] }),
      guests: {
        ...(values.stdin && { stdin: true }),
        ...(values["publish-all"] && { publishAll: true }),
        ...(values["require-nic"] && { requireNic: true }),
        ...(values.device && { devices: values.device }),
      },
    },
    logLevel: readLevel(values["log-level"]),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--port is a number up to 65535, not ${JSON.stringify(text)}`);
  return port;
}

/** Returns a client that uses the certificates in a folder, as the docker command names them. */
function clientWith(folder: string, endpoint: string | undefined): Client {
  const file = (name: string): string => readOptionFile("--docker-cert-path", join(folder, name));
  const tls = { ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem") };
  // a socket has no certificate, but mdocker read the files for it as well
  return new Client({ ...(endpoint && { endpoint }), ...(endpoint && !endpoint.startsWith("unix:") && { tls }) });
}

/** Returns what `--version` prints. */
export function versionText(): string {
  return `ts-dockerclient-agent ${packageVersion()}`;
}
