import type { HostConfig, LogConfig } from "../../types/host-config.js";
import { errorMessage } from "../../wire/realm.js";
import { badRequest, EngineError } from "../engine-error.js";
import { parseBoolean } from "../server/query.js";

/** How much of a log is kept. */
export interface LogLimits {
  /** The size in bytes from which on a file is complete; undefined for one file without a limit. */
  readonly size: number | undefined;
  /** The number of files. */
  readonly files: number;
  /** Whether complete files are compressed. */
  readonly compress: boolean;
}

/** One file that grows without a limit. */
export const UNLIMITED: LogLimits = { size: undefined, files: 1, compress: false };

const units: Readonly<Record<string, number | undefined>> = { k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15 };

const fault = (message: string): EngineError => new EngineError(500, message);

/**
 * Reads `max-size`, `max-file` and `compress` of the options of a log driver.
 *
 * @throws an {@link EngineError} with the status and the words of Docker for values that the driver does not take.
 */
export function logLimits({ Type: type = "", Config: options }: LogConfig): LogLimits {
  if (type === "none") return UNLIMITED;
  return type === "local" ? localLimits(options ?? {}) : fileLimits(options ?? {});
}

/** Like {@link logLimits}, in the words of a start. @throws an {@link EngineError} with status 500. */
export function limitsAtStart({ LogConfig: config = {} }: HostConfig): LogLimits {
  try {
    return logLimits(config);
  } catch (error) {
    const reason = `failed to create task for container: failed to initialize logging driver: ${errorMessage(error)}`;
    throw new EngineError(500, reason, { cause: error });
  }
}

type Options = Readonly<Record<string, string | undefined>>;

/** Those of `json-file`. */
function fileLimits({ "max-size": maxSize, "max-file": maxFile, compress: text }: Options): LogLimits {
  const size = maxSize === undefined ? undefined : parseSize(maxSize);
  if (size === 0) throw fault("max-size must be a positive number");
  const files = maxFile === undefined ? 1 : parseInteger(maxFile);
  if (files < 1) throw fault("max-file cannot be less than 1");
  const compress = text === undefined ? false : parseFlag(text);
  if (compress && (files === 1 || size === undefined))
    throw fault("compress cannot be true when max-file is less than 2 or max-size is not set");
  return { size, files, compress };
}

/** Those of `local`, which rotates and compresses unless it is told otherwise. 0 is one file, or no limit. */
function localLimits({ "max-size": maxSize, "max-file": maxFile, compress: text }: Options): LogLimits {
  const size = maxSize === undefined ? 20e6 : named(`invalid value for max-size: ${maxSize}`, () => parseSize(maxSize));
  const files = maxFile === undefined ? 5 : named(`invalid value for max-file: ${maxFile}`, () => parseInteger(maxFile));
  const compress = text === undefined ? true : named("error reading compress log option", () => parseFlag(text));
  if (files < 0) throw badRequest("max file count cannot be less than 0");
  if (compress && files <= 1) throw badRequest("compression cannot be enabled when max file count is 1");
  return { size: size === 0 ? undefined : size, files: Math.max(files, 1), compress };
}

function named<T>(text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof EngineError ? badRequest(`${text}: ${error.message}`) : error;
  }
}

/** Parses a size such as `10m`, `1.5 kB` or `1KiB`, whose units are all powers of 1000. */
function parseSize(text: string): number {
  const [, number, separator, suffix = ""] = /^(.*[0-9.])?( ?)([^0-9. ]*)$/s.exec(text) ?? [];
  if (number === undefined) throw fault(`invalid size: '${text}'`);
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(number))
    throw fault(`strconv.ParseFloat: parsing ${JSON.stringify(number)}: invalid syntax`);
  if (Number(number) < 0) throw fault(`invalid size: '${text}'`);
  if (suffix === "" && separator === "") return Math.trunc(Number(number));
  const unit = suffix.toLowerCase();
  const [, letter = ""] = /^([a-z])(?:b|ib)?$/.exec(unit) ?? [];
  const factor = unit === "b" ? 1 : units[letter];
  if (factor === undefined) throw fault(`invalid suffix: '${suffix.length > 3 ? suffix : unit}'`);
  return Math.trunc(Number(number) * factor);
}

function parseInteger(text: string): number {
  const fails = (reason: string): EngineError => fault(`strconv.Atoi: parsing ${JSON.stringify(text)}: ${reason}`);
  if (!/^[+-]?\d+$/.test(text)) throw fails("invalid syntax");
  const value = BigInt(text.replace(/^\+/, ""));
  if (BigInt.asIntN(64, value) !== value) throw fails("value out of range");
  return Number(value);
}

function parseFlag(text: string): boolean {
  const value = parseBoolean(text);
  if (value === undefined) throw fault(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
  return value;
}
