import { InvalidOptionError } from "../../../errors/usage-errors.js";
import type { HostConfig } from "../../../types/host-config.js";
import { changeEndpoint, type CreateParts, setMoved } from "./moved-fields.js";

/** How settings of the LXC driver are translated. */
export interface LxcTranslation {
  /** Whether settings that have no counterpart are left out instead of refused. */
  ignoreUnknown: boolean;
}

const units: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

function refuse(key: string, why: string): InvalidOptionError {
  return new InvalidOptionError("hostConfig", `createContainer: the LXC setting "${key}" ${why}`, {
    operation: "createContainer",
  });
}

/** Reads a number as control groups do: with a unit of 1024, or -1 for none. */
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
  "lxc.network.mtu": (parts, _key, value) =>
    changeEndpoint(parts, (endpoint) => {
      endpoint.DriverOpts = { "com.docker.network.driver.mtu": value, ...endpoint.DriverOpts };
    }),
};

/**
 * Translates settings of the LXC driver, which engines no longer have, into what stands in their place.
 *
 * The MTU becomes an option of the endpoint; whether it is heeded is up to the network's driver.
 *
 * @throws {@link InvalidOptionError} for a setting without a counterpart, a value that cannot be, and one that differs from
 * what stands in the new place already.
 */
export function translateLxcConf(parts: CreateParts, to: LxcTranslation): CreateParts {
  const { LxcConf, ...rest } = parts.hostConfig ?? {};
  if (LxcConf === undefined) return parts;
  const translated = { config: { ...parts.config }, hostConfig: rest, networkingConfig: parts.networkingConfig };
  for (const { Key, Value } of LxcConf ?? []) {
    const translate = Object.hasOwn(translations, Key) ? translations[Key] : undefined;
    if (translate) translate(translated, Key, Value);
    else if (!to.ignoreUnknown)
      throw refuse(Key, "has no counterpart in today's engines: leave it out, or set ignoreUnknownLxcConf");
  }
  return translated;
}
