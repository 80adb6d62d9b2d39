import type { ImageConfig } from "../../types/image.js";
import { badRequest } from "../engine-error.js";
import { parseDockerfile } from "./dockerfile.js";
import { applySetting, isSetting, type Settings } from "./settings.js";

/**
 * Applies instructions of a Dockerfile to a configuration, as `docker commit --change` and `docker import --change` do.
 *
 * @param config - the configuration. It does not change.
 * @param changes - the instructions, such as `CMD ["sh"]`.
 * @returns the changed configuration.
 * @throws {@link EngineError} with status 400 for malformed instructions, and for those that change more than the configuration.
 */
export function applyChanges(config: ImageConfig, changes: readonly string[]): ImageConfig {
  const { instructions, escape } = parseDockerfile(changes.join("\n"));
  const settings: Settings = { config: structuredClone(config), escape, hasCommand: false };
  for (const instruction of instructions) {
    // Docker refuses SHELL here too, though it only changes the configuration
    if (!isSetting(instruction.name) || instruction.name === "SHELL") {
      throw badRequest(`${instruction.original.split(/\s/, 1)[0]} is not a valid change command`);
    }
    applySetting(settings, instruction);
  }
  return settings.config;
}
