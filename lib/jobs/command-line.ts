import { parseArgs } from "node:util";
import { readLevel, readOptionFile, readServiceFlags, SERVICE_FLAGS } from "../service/command-line.js";
import type { LogLevel } from "../service/log.js";
import type { ServiceClientOptions } from "../service/service-connection.js";
import { errorMessage } from "../wire/realm.js";
import type { Deployment } from "./deployment/deployment.js";
import { parseDeployment } from "./deployment/plan.js";
import { fromWire } from "./http/wire.js";
import type { JobServerOptions } from "./job-server.js";

/** What a command line asks for: a server, or a text. */
export type Command =
  { readonly server: JobServerOptions; readonly logLevel: LogLevel } | DeployCommand | { readonly print: "help" | "version" };

/** What is done with a deployment. */
export interface DeployCommand {
  readonly deploy: "plan" | "apply" | "remove";
  readonly deployment: Deployment;
  /** The engine, as a server of jobs on it would have it. */
  readonly on: JobServerOptions;
  /** The server that does it; undefined to do it in this process. */
  readonly by: ServiceClientOptions | undefined;
}

/** What `--help` prints. */
export const HELP = `Usage: ts-dockerclient-jobs [OPTIONS]
       ts-dockerclient-jobs plan|apply|remove FILE [OPTIONS]

Runs jobs on an engine, or on a swarm, for callers that speak HTTP, as geard did. With a
deployment in a JSON file, prints what is to be done, does it, or removes the containers.

Options:
      --server ENDPOINT          The server that works on the deployment (default: this program, on --endpoint)
      --listen ENDPOINT          Where to listen: 127.0.0.1:43273, unix:///path or tcp://host:port; may be repeated
                                 (default: 127.0.0.1:43273)
  -e, --endpoint ENDPOINT        The engine (default: that of the environment)
      --state-dir DIR            Folder for what outlives the server: environments and links (default: in memory)
      --ports FIRST-LAST         Ports that are chosen for containers (default: 4000-59999)
      --swarm                    Run the jobs on the swarm that the engine is a manager of, as services
      --endpoint-mode MODE       How services are found on the swarm: vip or dnsrr (default: vip)
      --source-host HOST         A host that sources of environments may be read from; may be repeated
      --bind-source DIR          A folder of this machine that callers may mount; may be repeated
      --token-file FILE          File with a bearer token on each line; its mode must be 0600
      --tls-cert FILE            Certificate for TCP
      --tls-key FILE             Private key of the certificate
      --tls-client-ca FILE       Certificates of the authorities that sign client certificates
      --tls-client-name NAME     A name that client certificates may have; may be repeated (default: any)
      --host-name NAME           A name that the Host header may have; may be repeated
  -l, --log-level LEVEL          debug, info, warning or error (default: warning)
  -h, --help                     Print this text
  -v, --version                  Print the version

SIGTERM ends the server in order, a second one at once. SIGHUP reads the token file again.
`;

/**
 * Parses the arguments of `ts-dockerclient-jobs`.
 *
 * @throws an `Error` with a message for the user.
 */
export function parseCommandLine(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...SERVICE_FLAGS,
      endpoint: { type: "string", short: "e" },
      "state-dir": { type: "string" },
      server: { type: "string" },
      ports: { type: "string" },
      swarm: { type: "boolean" },
      "endpoint-mode": { type: "string" },
      "source-host": { type: "string", multiple: true },
      "bind-source": { type: "string", multiple: true },
    },
  });
  if (values.help) return { print: "help" };
  if (values.version) return { print: "version" };
  const server: JobServerOptions = {
    ...readServiceFlags(values),
    ...(values.endpoint !== undefined && { endpoint: values.endpoint }),
    ...(values["state-dir"] !== undefined && { stateDirectory: values["state-dir"] }),
    ...(values.ports !== undefined && { ports: readPorts(values.ports) }),
    ...readSwarm(values.swarm, values["endpoint-mode"]),
    ...(values["source-host"] && { sourceHosts: values["source-host"] }),
    ...(values["bind-source"] && { bindSources: values["bind-source"] }),
  };
  if (positionals.length === 0) return { server, logLevel: readLevel(values["log-level"]) };
  const [deploy, file, ...rest] = positionals;
  if (!isDeploy(deploy) || file === undefined || rest.length > 0)
    throw new Error("the arguments are plan, apply or remove, and a file");
  const token = values["token-file"] === undefined ? undefined : readOptionFile("--token-file", values["token-file"]).trim();
  return {
    deploy,
    deployment: readDeployment(file),
    on: server,
    by: values.server === undefined ? undefined : { endpoint: values.server, ...(token !== undefined && { token }) },
  };
}

function isDeploy(text: string | undefined): text is DeployCommand["deploy"] {
  return text === "plan" || text === "apply" || text === "remove";
}

function readDeployment(file: string): Deployment {
  const text = readOptionFile("the deployment", file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${errorMessage(error)}`, { cause: error });
  }
  return parseDeployment(fromWire(value));
}

function readSwarm(swarm: boolean | undefined, endpointMode: string | undefined): Pick<JobServerOptions, "swarm"> {
  if (endpointMode === undefined) return swarm ? { swarm } : {};
  if (!swarm) throw new Error("--endpoint-mode needs --swarm");
  if (endpointMode !== "vip" && endpointMode !== "dnsrr")
    throw new Error(`--endpoint-mode is vip or dnsrr, unlike ${JSON.stringify(endpointMode)}`);
  return { swarm: { endpointMode } };
}

function readPorts(text: string): { first: number; end: number } {
  const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!(first >= 1 && first <= last && last <= 65_535))
    throw new Error(`--ports has the form 4000-59999, unlike ${JSON.stringify(text)}`);
  return { first, end: last + 1 };
}
