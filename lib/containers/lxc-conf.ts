import { InvalidOptionError } from "../errors/usage-errors.js";
import type { HostConfig } from "../types/host-config.js";
import { type CreateParts, setMoved } from "./moved-fields.js";

/** How settings of the LXC driver are translated. */
export interface LxcTranslation {
  /** Whether settings that have no counterpart are left out instead of refused. */
  ignoreUnknown: boolean;
  /** Whether engines take the MAC address with the endpoint (API 1.44+) instead of with the container. */
  endpointMacAddress: boolean;
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

type Translate = (parts: CreateParts & { hostConfig: HostConfig }, key: string, value: string, to: LxcTranslation) => void;

/** Sets something of the endpoint in the container's own network, which has the place that the network mode names. */
const endpoint =
  (
    set: (settings: NonNullable<NonNullable<CreateParts["networkingConfig"]>["EndpointsConfig"]>[string], value: string) => void,
  ): Translate =>
  (parts, _key, value) => {
    const network = parts.hostConfig.NetworkMode || "default";
    const endpoints = parts.networkingConfig?.EndpointsConfig;
    const settings = { ...endpoints?.[network] };
    set(settings, value);
    parts.networkingConfig = { ...parts.networkingConfig, EndpointsConfig: { ...endpoints, [network]: settings } };
  };

const hardwareAddress: Translate = (parts, key, value, to) => {
  if (to.endpointMacAddress) {
    endpoint((settings) => setMoved(settings, "MacAddress", value, key))(parts, key, value, to);
  } else {
    setMoved(parts.config, "MacAddress", value, key);
  }
};

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
  "lxc.network.hwaddr": hardwareAddress,
  "lxc.network.mtu": endpoint((settings, value) => {
    settings.DriverOpts = { "com.docker.network.driver.mtu": value, ...settings.DriverOpts };
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
    if (translate) translate(translated, Key, Value, to);
    else if (!to.ignoreUnknown)
      throw refuse(Key, "has no counterpart in today's engines: leave it out, or set ignoreUnknownLxcConf");
  }
  return translated;
}
