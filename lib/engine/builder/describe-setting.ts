import type { HealthConfig } from "../../types/health.js";
import { formatDuration } from "../../wire/duration.js";
import { parsePairs, requireArguments } from "./arguments.js";
import type { Instruction } from "./dockerfile.js";
import { variables } from "./settings.js";
import type { Stage } from "./stage.js";
import { expandWord, expandWords } from "./words.js";

const quotedList = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(" ")}]`;

/** Formats a health check as Docker does: it prints the members of its structure. */
function healthText({ Test, Interval, Timeout, StartPeriod, StartInterval, Retries }: HealthConfig): string {
  const times = [Interval, Timeout, StartPeriod, StartInterval].map((time) => formatDuration(BigInt(time ?? 0)));
  return `&{[${(Test ?? []).join(" ")}] ${times.join(" ")} ${Retries ?? 0}}`;
}

/** Describes an instruction that has changed the settings of a stage, as the history of its image shows it after the name. */
export function describeSetting(stage: Stage, instruction: Instruction): string {
  const { rest } = instruction;
  const { config, escape } = stage;
  const lookup = variables(stage);
  const expand = (text: string): string => expandWord(text, lookup, escape);
  switch (instruction.name) {
    case "CMD":
      return quotedList(config.Cmd ?? []);
    case "ENTRYPOINT":
      return quotedList(config.Entrypoint ?? []);
    case "SHELL":
      return `[${(config.Shell ?? []).join(" ")}]`;
    case "VOLUME":
      return `[${requireArguments(instruction).map(expand).join(" ")}]`;
    case "HEALTHCHECK":
      return healthText(config.Healthcheck ?? {});
    case "ONBUILD":
      return rest;
    case "EXPOSE":
      return expandWords(rest, lookup, escape).sort().join(" ");
    case "ENV":
    case "LABEL":
      return parsePairs(instruction, escape)
        .map(([key, value]) => `${expand(key)}=${expand(value)}`)
        .join(" ");
    default:
      return expand(rest);
  }
}
