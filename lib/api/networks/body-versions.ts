import type { NetworkConnectRequest, NetworkCreateRequest } from "../../types/network.js";
import type { BodyPath } from "../../types/util.js";

/** The API versions that introduced members of the body that creates a network, by path. */
export const networkBodyVersions = {
  Attachable: "1.27",
  ConfigFrom: "1.30",
  ConfigOnly: "1.30",
  EnableIPv4: "1.47",
  Ingress: "1.29",
  Scope: "1.30",
} satisfies Partial<Record<BodyPath<NetworkCreateRequest>, string>>;

/** Values of members of that body that request nothing, where they are not the empty ones. */
export const networkBodyDefaults: Readonly<Record<string, readonly unknown[]>> = {
  CheckDuplicate: [true], // later engines always check
  EnableIPv4: [true],
  Scope: ["", "local"], // the scope of those versions' drivers, except overlay, which allows only its own
} satisfies Partial<Record<BodyPath<NetworkCreateRequest>, readonly unknown[]>>;

/**
 * The API versions that introduced members of the body that connects a container to a network, by path. Other members are
 * supported by all engines from API 1.24 on, or by none.
 */
export const connectBodyVersions: Readonly<Record<string, string>> = {
  "EndpointConfig.DriverOpts": "1.32",
  "EndpointConfig.GwPriority": "1.48",
} satisfies Partial<Record<BodyPath<NetworkConnectRequest>, string>>;
