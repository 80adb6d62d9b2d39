import type { Driver } from "../../types/driver.js";
import { type BodyField, member } from "./fields.js";

/** API version that brought drivers to the objects of a swarm. */
const DRIVER_VERSION = "1.31";

/** API versions of the parts of a driver, which is a member of the body. */
export const driverVersions = (key: string): Record<string, string> => ({
  [`${key}.Name`]: DRIVER_VERSION,
  [`${key}.Options`]: DRIVER_VERSION,
});

/** A driver, as a member of the JSON body. */
export const driver = (key: string, since: string): BodyField<Driver> =>
  member<Driver>(key, { since, parts: driverVersions(key) });
