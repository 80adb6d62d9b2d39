import type { LogConfig } from "../../types/host-config.js";
import { badRequest, notSupported } from "../engine-error.js";
import type { ContainerRecord } from "./record.js";

/** The options of the drivers that the engine has. `none` takes any. */
const drivers: Readonly<Record<string, readonly string[] | undefined>> = {
  "json-file": ["max-file", "max-size", "compress", "labels", "labels-regex", "env", "env-regex", "tag"],
  local: ["max-file", "max-size", "compress", "labels", "labels-regex", "env", "env-regex", "tag"],
};

/** The options of all drivers. */
const common = ["mode", "max-buffer-size"];

/** The drivers of Docker that need a service of the host. */
const others = ["awslogs", "fluentd", "gcplogs", "gelf", "journald", "splunk", "syslog"];

/**
 * Checks how a container is logged.
 *
 * @throws an {@link EngineError} with status 400 in the words of Docker, and with status 501 for drivers that the engine does not have.
 */
export function checkLogConfig({ Type: type = "", Config: config }: LogConfig): void {
  if (type === "" || type === "none") return;
  if (others.includes(type))
    throw notSupported(`the embedded engine does not have the log driver ${type}: use json-file, local or none`);
  const known = drivers[type];
  if (!known) throw badRequest(`error looking up logging plugin ${type}: plugin ${JSON.stringify(type)} not found`);
  for (const [name, value] of Object.entries(config ?? {})) {
    if (name === "mode" && !["blocking", "non-blocking"].includes(value))
      throw badRequest(`logger: logging mode not supported: ${value}`);
    if (name.endsWith("-regex") && !isPattern(value))
      throw badRequest(`invalid log opt '${name}': error parsing regexp: ${value}`);
    if (!known.includes(name) && !common.includes(name)) throw badRequest(`unknown log opt '${name}' for ${type} log driver`);
  }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false; // only that it is none matters
  }
}

/** Encodes as `url.QueryEscape` of Go does. */
const escaped = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

/**
 * Returns what logs with `details` say about a container: the labels, variables and the tag that its log options name, such as
 * `a=b,tag=web`. It is empty if they name none.
 */
export function logAttributes({ id, name, image, config, hostConfig }: ContainerRecord): string {
  const options = hostConfig.LogConfig?.Config ?? {};
  const found = new Map<string, string>();
  const environment = (config.Env ?? []).map((line): [string, string] => {
    const equals = line.indexOf("=");
    return equals === -1 ? [line, ""] : [line.slice(0, equals), line.slice(equals + 1)];
  });
  for (const [option, values] of [
    ["labels", Object.entries(config.Labels ?? {})],
    ["env", environment],
  ] as const) {
    const names = new Set((options[option] ?? "").split(","));
    const pattern = options[`${option}-regex`];
    const expression = pattern ? new RegExp(pattern) : undefined;
    for (const [key, value] of values) if (names.has(key) || expression?.test(key)) found.set(key, value);
  }
  const parts: Readonly<Record<string, string>> = {
    ID: id.slice(0, 12),
    FullID: id,
    Name: name,
    ImageID: image.replace(/^sha256:/, "").slice(0, 12),
    ImageFullID: image,
    ImageName: config.Image ?? "",
    DaemonName: "docker",
  };
  const tag = (options.tag ?? "").replace(/\{\{\s*\.(\w+)\s*\}\}/g, (whole, part: string) => parts[part] ?? whole);
  if (tag !== "") found.set("tag", tag);
  return [...found]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${escaped(key)}=${escaped(value)}`)
    .join(",");
}
