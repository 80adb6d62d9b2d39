import { readFileSync } from "node:fs";
import type { ParseArgsConfig } from "node:util";
import { LOG_LEVELS, type LogLevel } from "./log.js";
import type { ServiceOptions, ServiceTls } from "./service-options.js";

/** The options that the programs of all services have. */
export const SERVICE_FLAGS = {
  listen: { type: "string", multiple: true },
  "token-file": { type: "string" },
  "tls-cert": { type: "string" },
  "tls-key": { type: "string" },
  "tls-client-ca": { type: "string" },
  "tls-client-name": { type: "string", multiple: true },
  "host-name": { type: "string", multiple: true },
  "log-level": { type: "string", short: "l", default: "warning" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const satisfies ParseArgsConfig["options"];

/** What these options say. */
export interface ServiceFlags {
  listen?: string[];
  "token-file"?: string;
  "tls-cert"?: string;
  "tls-key"?: string;
  "tls-client-ca"?: string;
  "tls-client-name"?: string[];
  "host-name"?: string[];
}

/**
 * Returns what the options say about a service.
 *
 * @throws an `Error` with a message for the user.
 */
export function readServiceFlags(values: ServiceFlags): Omit<ServiceOptions, "listen"> & { listen?: string[] } {
  const tls = readTls(values);
  return {
    // an endpoint may be written without its scheme
    ...(values.listen && { listen: values.listen.map((text) => (text.includes("://") ? text : `tcp://${text}`)) }),
    ...(values["token-file"] !== undefined && { tokenFile: values["token-file"] }),
    ...(tls && { tls }),
    ...(values["host-name"] && { hosts: values["host-name"] }),
  };
}

/** Returns the level of the log. @throws an `Error` with a message for the user. */
export function readLevel(text: string): LogLevel {
  const level = text.toLowerCase().replace(/^warning$/, "warn");
  const found = LOG_LEVELS.find((each) => each === level);
  if (!found) throw new Error(`--log-level is debug, info, warning or error, not ${JSON.stringify(text)}`);
  return found;
}

/** Reads a file that an option names. @throws an `Error` with a message for the user. */
export function readOptionFile(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${option}: ${file} cannot be read`, { cause: error });
  }
}

function readTls({
  "tls-cert": cert,
  "tls-key": key,
  "tls-client-ca": ca,
  "tls-client-name": clientNames,
}: ServiceFlags): ServiceTls | undefined {
  if (cert === undefined && key === undefined) {
    if (ca !== undefined || clientNames) throw new Error("--tls-client-ca and --tls-client-name need --tls-cert and --tls-key");
    return undefined;
  }
  if (cert === undefined || key === undefined) throw new Error("TLS needs --tls-cert and --tls-key");
  if (clientNames && ca === undefined) throw new Error("--tls-client-name needs --tls-client-ca");
  return {
    cert: readOptionFile("--tls-cert", cert),
    key: readOptionFile("--tls-key", key),
    ...(ca !== undefined && { ca: readOptionFile("--tls-client-ca", ca) }),
    ...(clientNames && { clientNames }),
  };
}
