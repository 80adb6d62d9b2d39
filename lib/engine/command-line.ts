import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { errorMessage } from "../wire/realm.js";
import type { EmbeddedEngineOptions } from "./embedded-engine.js";
import type { ExecutorChoice } from "./runtime/choose-executor.js";

/** What a command line asks for: an engine, or a text. */
export type Command =
  { readonly engine: EmbeddedEngineOptions; readonly debug: boolean } | { readonly print: "help" | "version" };

/** What `--help` prints. */
export const HELP = `Usage: ts-dockerclient-engine [OPTIONS]

A Docker Engine without Docker, for tests, demos and machines without one.

Options:
  -H, --host ENDPOINT      Where to listen: unix:///path or tcp://127.0.0.1:port; may be repeated
                           (default: a socket in a new temporary folder)
      --data-root DIR      Where images, volumes and containers are kept (default: in memory)
      --executor NAME      How containers run: oci as processes, by runc or crun; program as JavaScript functions;
                           auto as processes where that works (default: auto)
      --insecure-registry HOST:PORT
                           A registry that may use plain HTTP or an invalid certificate; may be repeated
      --api-version V      The highest API version that is served
  -D, --debug              Log the query and the headers of each request as well, without credentials
      --tls                Use TLS for TCP; needs --tlscert and --tlskey
      --tlsverify          Use TLS for TCP and serve only clients with a certificate; needs --tlscacert as well
      --tlscacert FILE     Certificates of the authorities that sign client certificates
      --tlscert FILE       Certificate of the engine
      --tlskey FILE        Private key of the certificate
  -h, --help               Print this text
  -v, --version            Print the version
`;

/**
 * Parses the arguments of `ts-dockerclient-engine`.
 *
 * @param args - the arguments.
 * @throws an `Error` with a message for the user.
 */
export function parseCommandLine(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: "string", short: "H", multiple: true },
      "data-root": { type: "string" },
      executor: { type: "string", default: "auto" },
      "api-version": { type: "string" },
      "insecure-registry": { type: "string", multiple: true },
      debug: { type: "boolean", short: "D" },
      tls: { type: "boolean" },
      tlsverify: { type: "boolean" },
      tlscacert: { type: "string" },
      tlscert: { type: "string" },
      tlskey: { type: "string" },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "v" },
    },
  });
  if (values.help) return { print: "help" };
  if (values.version) return { print: "version" };
  const tls = readTls(values);
  return {
    engine: {
      ...(values.host && { listen: values.host }),
      ...(values["data-root"] !== undefined && { dataRoot: values["data-root"] }),
      executor: readExecutor(values.executor),
      ...(values["api-version"] !== undefined && { apiVersion: values["api-version"] }),
      ...(values["insecure-registry"] && { insecureRegistries: values["insecure-registry"] }),
      ...(tls && { tls }),
    },
    debug: values.debug ?? false,
  };
}

function readExecutor(name: string): ExecutorChoice {
  if (name !== "auto" && name !== "oci" && name !== "program") throw new Error("--executor is auto, oci or program");
  return name;
}

/** The options for TLS, as dockerd names them. */
interface TlsFlags {
  tls?: boolean | undefined;
  tlsverify?: boolean | undefined;
  tlscacert?: string | undefined;
  tlscert?: string | undefined;
  tlskey?: string | undefined;
}

function readTls({ tls, tlsverify, tlscacert, tlscert, tlskey }: TlsFlags): EmbeddedEngineOptions["tls"] {
  if (!tls && !tlsverify) {
    if (tlscacert ?? tlscert ?? tlskey) throw new Error("certificates are used only with --tls or --tlsverify");
    return undefined;
  }
  if (tlscert === undefined || tlskey === undefined) throw new Error("TLS needs --tlscert and --tlskey");
  if (tlsverify && tlscacert === undefined) throw new Error("--tlsverify needs --tlscacert");
  const certificate = { cert: readText("--tlscert", tlscert), key: readText("--tlskey", tlskey) };
  return tlsverify && tlscacert !== undefined ? { ...certificate, ca: readText("--tlscacert", tlscacert) } : certificate;
}

function readText(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${option} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
}

/** Returns what `--version` prints. */
export function versionText(): string {
  // two folders above both the source file and the built one
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string };
  return `ts-dockerclient-engine ${manifest.version}`;
}
