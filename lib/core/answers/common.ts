import type * as types from "../../types/index.js";
import { list, map, type Shape } from "./shape.js";

// Shapes that the answers of several resources share.

export const ociPlatform: Shape<types.OCIPlatform> = { "os.features": list };
export const ociDescriptor: Shape<types.OCIDescriptor> = { urls: list, annotations: map, platform: ociPlatform };
export const pluginPrivilege: Shape<types.PluginPrivilege> = { Value: list };
export const driver: Shape<types.Driver> = { Options: map };
export const driverData: Shape<types.DriverData> = { Data: map };
export const healthConfig: Shape<types.HealthConfig> = { Test: list };
