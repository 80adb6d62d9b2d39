import { InvalidOptionError } from "../../../errors/usage-errors.js";
import type { HostConfig } from "../../../types/host-config.js";
import { changeEndpoint, type CreateParts } from "./main-endpoint.js";
import { setMoved, wrongType } from "./moved-fields.js";

/** Options for translating settings of the LXC driver. */
export interface LxcTranslation {
  /** Whether to ignore settings without a counterpart in current engines instead of rejecting them. */
  ignoreUnknown: boolean;
}

const units: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

function refuse(key: string, why: string): InvalidOptionError {
  return new InvalidOptionError("hostConfig", `createContainer: the LXC setting "${key}" ${why}`, {
    operation: "createContainer",
  });
}

/** Parses a number as in control groups: optionally with a binary unit, or -1 for no limit. */
function amount(key: string, value: string): number {
  const [, number, unit = ""] = /^(-1|\d+)([kmg]?)$/i.exec(value.trim()) ?? [];
  if (number === undefined) throw refuse(key, "must be a number");
  return Number(number) * (units[unit.toLowerCase()] ?? 1);
}

type Translate = (parts: CreateParts & { hostConfig: HostConfig }, key: string, value: string) => void;

const translations: Readonly<Record<string, Translate>> = {
  "lxc.cgroup.memory.limit_in_bytes": ({ hostConfig }, key, value) => setMoved(hostConfig, "Memory", amount(key, value), key),
  "lxc.cgroup.memory.memsw.limit_in_bytes": ({ hostConfig }, key, value) =>
    setMoved(hostConfig, "MemorySwap", amount(key, value), key),
  "lxc.cgroup.cpu.shares": ({ hostConfig }, key, value) => setMoved(hostConfig, "CpuShares", amount(key, value), key),
  "lxc.cgroup.cpuset.cpus": ({ hostConfig }, key, value) => setMoved(hostConfig, "CpusetCpus", value, key),
  "lxc.utsname": ({ config }, key, value) => setMoved(config, "Hostname", value, key),
  "lxc.aa_profile": ({ hostConfig }, _key, value) => {
    hostConfig.SecurityOpt = [...(hostConfig.SecurityOpt ?? []), `apparmor=${value}`];
  },
  "lxc.network.hwaddr": ({ config }, key, value) => setMoved(config, "MacAddress", value, key),
  "lxc.network.mtu": (parts, key, value) => {
    changeEndpoint(parts, key, (endpoint) => {
      endpoint.DriverOpts = { "com.docker.network.driver.mtu": value, ...endpoint.DriverOpts };
    });
  },
};

/**
 * Translates settings of the LXC driver, which engines no longer support, into current members of the request body.
 *
 * The MTU becomes a driver option of the endpoint, which the network driver may ignore.
 *
 * @throws {@link InvalidOptionError} when a setting has no counterpart, its value is invalid, or its value conflicts with the
 * member that replaces it.
 */
export function translateLxcConf(parts: CreateParts, to: LxcTranslation): CreateParts {
  const { LxcConf, ...rest } = parts.hostConfig ?? {};
  if (LxcConf === undefined) return parts;
  if (!Array.isArray(LxcConf ?? [])) throw wrongType("hostConfig.LxcConf", "a list");
  const translated = { config: { ...parts.config }, hostConfig: rest, networkingConfig: parts.networkingConfig };
  for (const { Key, Value } of LxcConf ?? []) {
    const translate = Object.hasOwn(translations, Key) ? translations[Key] : undefined;
    if (translate) translate(translated, Key, Value);
    else if (!to.ignoreUnknown)
      throw refuse(Key, "has no counterpart in current engines: remove it, or set ignoreUnknownLxcConf");
  }
  return translated;
}
