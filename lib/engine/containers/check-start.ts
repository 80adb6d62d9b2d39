import { stat } from "node:fs/promises";
import { isIP } from "node:net";
import type { HostConfig } from "../../types/host-config.js";
import { EngineError } from "../engine-error.js";

/** A rule for the use of devices, such as `c 1:3 rwm`: type, numbers and access. */
export const deviceRule = /^([acb]) ([0-9]+|\*):([0-9]+|\*) ([rwm]{1,3})$/;

/**
 * Checks the settings that Docker checks only when a container starts.
 *
 * @throws an {@link EngineError} with status 500, in the words of Docker.
 */
export async function checkStart({ Dns, Devices, DeviceRequests, DeviceCgroupRules }: HostConfig): Promise<void> {
  const refuse = (message: string): never => {
    throw new EngineError(500, message);
  };
  for (const server of Dns ?? [])
    if (isIP(server) === 0) refuse(`bad nameserver address ${server}: ParseAddr(${JSON.stringify(server)}): unable to parse IP`);
  for (const rule of DeviceCgroupRules ?? []) if (!deviceRule.test(rule)) refuse(`invalid device cgroup rule format: '${rule}'`);
  for (const { PathOnHost = "" } of Devices ?? []) {
    const isThere = await stat(PathOnHost).then(
      () => true,
      () => false,
    );
    if (!isThere)
      refuse(
        `error gathering device information while adding custom device ${JSON.stringify(PathOnHost)}: no such file or directory`,
      );
  }
  for (const { Driver = "", Capabilities } of DeviceRequests ?? []) {
    const wanted = (Capabilities ?? []).map((all) => `[${all.join(" ")}]`).join(" ");
    refuse(`could not select device driver ${JSON.stringify(Driver)} with capabilities: [${wanted}]`);
  }
}
