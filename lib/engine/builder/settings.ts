import { posix } from "node:path";
import type { ImageConfig } from "../../types/image.js";
import { badRequest } from "../engine-error.js";
import { signalNumber } from "../runtime/program/signals.js";
import { commandOf, listArguments, oneArgument, parsePairs, requireArguments } from "./arguments.js";
import { type Instruction, parseInstruction } from "./dockerfile.js";
import { parseHealthcheck } from "./healthcheck.js";
import { expandWord, expandWords, type Lookup } from "./words.js";

/** The shell of commands in shell form, unless `SHELL` sets another. */
export const DEFAULT_SHELL: readonly string[] = ["/bin/sh", "-c"];

/** Settings of an image that instructions change. */
export interface Settings {
  /** The configuration. Instructions change it. */
  readonly config: ImageConfig;
  /** The escape character of the Dockerfile. */
  readonly escape: string;
  /** Whether this Dockerfile has set the command: an entrypoint keeps it then. */
  hasCommand: boolean;
  /** Values of build arguments, which variables of the environment take precedence over. */
  readonly args?: Lookup;
}

/** Splits the environment of a configuration into a map. */
export function environmentOf(config: ImageConfig): Map<string, string> {
  return new Map(
    (config.Env ?? []).map((line) => {
      const equals = line.indexOf("=");
      return equals < 0 ? [line, ""] : [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}

/** Returns what replaces variables at this point of a Dockerfile: the environment, or else the build arguments. */
export function variables({ config, args }: Settings): Lookup {
  const environment = environmentOf(config);
  return (name) => environment.get(name) ?? args?.(name);
}

const keys = (names: Iterable<string>, known: Readonly<Record<string, Record<string, never>>> = {}) => ({
  ...known,
  ...Object.fromEntries(Array.from(names, (name) => [name, {}])),
});

/** Returns the ports that a word of `EXPOSE` names: `80`, `53/udp` or `8000-8010`. */
function portsOf(word: string): string[] {
  const [, first = "", last = first, protocol = "tcp"] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(word) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === "" || from > to || to > 65535) throw badRequest(`Invalid containerPort: ${word.split("/")[0]}`);
  if (!/^(tcp|udp|sctp)$/i.test(protocol)) throw badRequest(`Invalid proto: ${protocol}`);
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}/${protocol.toLowerCase()}`);
}

/** Sets variables of an environment, in place of those with the same names. */
export function withVariables(lines: readonly string[], set: readonly [string, string][]): string[] {
  const result = [...lines];
  for (const [name, value] of set) {
    const at = result.findIndex((line) => line.split("=", 1)[0] === name);
    const line = `${name}=${value}`;
    if (at < 0) result.push(line);
    else result[at] = line;
  }
  return result;
}

/** Checks an instruction that is kept for the images built on this one. */
function checkTrigger({ rest }: Instruction): void {
  const { name } = parseInstruction(rest);
  if (name === "") throw badRequest("ONBUILD requires at least one argument");
  if (name === "ONBUILD") throw badRequest("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  if (name === "FROM" || name === "MAINTAINER") throw badRequest(`${name} isn't allowed as an ONBUILD trigger`);
}

/** Sets one aspect of the configuration. */
type Apply = (settings: Settings, instruction: Instruction, expand: (text: string) => string) => void;

const appliers: Readonly<Record<string, Apply>> = {
  CMD: (settings, instruction) => {
    const { config } = settings;
    config.Cmd = instruction.rest === "" ? [] : commandOf(instruction, config.Shell ?? DEFAULT_SHELL);
    settings.hasCommand = true;
  },
  ENTRYPOINT: (settings, instruction) => {
    const { config } = settings;
    const command = instruction.rest === "" ? [] : commandOf(instruction, config.Shell ?? DEFAULT_SHELL);
    config.Entrypoint = command.length === 0 ? null : command;
    // the command of the base image belongs to the entrypoint of the base image
    if (!settings.hasCommand) delete config.Cmd;
  },
  ENV: ({ config, escape }, instruction, expand) => {
    const pairs = parsePairs(instruction, escape).map(([name, value]): [string, string] => [expand(name), expand(value)]);
    if (pairs.some(([name]) => name === "")) throw badRequest("ENV names can not be blank");
    config.Env = withVariables(config.Env ?? [], pairs);
  },
  LABEL: ({ config, escape }, instruction, expand) => {
    const pairs = parsePairs(instruction, escape).map(([name, value]): [string, string] => [expand(name), expand(value)]);
    if (pairs.some(([name]) => name === "")) throw badRequest("LABEL names can not be blank");
    config.Labels = { ...config.Labels, ...Object.fromEntries(pairs) };
  },
  EXPOSE: (settings, { rest, name }) => {
    const words = expandWords(rest, variables(settings), settings.escape);
    if (rest === "") throw badRequest(`${name} requires at least one argument`);
    settings.config.ExposedPorts = keys(words.flatMap(portsOf), settings.config.ExposedPorts);
  },
  USER: ({ config }, instruction, expand) => {
    config.User = expand(oneArgument(instruction));
  },
  VOLUME: ({ config }, instruction, expand) => {
    const paths = requireArguments(instruction).map(expand);
    if (paths.some((path) => path === "")) throw badRequest("VOLUME specified can not be an empty string");
    config.Volumes = keys(paths, config.Volumes);
  },
  WORKDIR: ({ config }, instruction, expand) => {
    config.WorkingDir = posix.resolve("/", config.WorkingDir ?? "", expand(oneArgument(instruction)));
  },
  STOPSIGNAL: ({ config }, instruction, expand) => {
    const signal = expand(oneArgument(instruction));
    const number = /^\d+$/.test(signal) ? Number(signal) : signalNumber(signal);
    if (number === undefined || number < 1 || number > 64) throw badRequest(`invalid signal: ${signal}`);
    config.StopSignal = signal;
  },
  ONBUILD: ({ config }, instruction) => {
    checkTrigger(instruction);
    config.OnBuild = [...(config.OnBuild ?? []), instruction.original.replace(/^\s*ONBUILD\s*/i, "")];
  },
  HEALTHCHECK: ({ config }, instruction) => {
    config.Healthcheck = parseHealthcheck(instruction);
  },
  SHELL: ({ config }, instruction) => {
    const shell = listArguments(instruction);
    if (!instruction.rest.startsWith("[")) throw badRequest(`SHELL requires the arguments to be in JSON form`);
    if (shell.length === 0) throw badRequest("SHELL requires at least one argument");
    config.Shell = shell;
  },
};

/** Returns whether an instruction only changes the configuration of the image. */
export const isSetting = (name: string): boolean => Object.hasOwn(appliers, name);

/**
 * Applies an instruction that only changes the configuration of the image.
 *
 * @throws {@link EngineError} with status 400 when it is malformed.
 */
export function applySetting(settings: Settings, instruction: Instruction): void {
  const lookup = variables(settings);
  appliers[instruction.name]?.(settings, instruction, (text) => expandWord(text, lookup, settings.escape));
}
