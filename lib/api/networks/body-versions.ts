import type { NetworkConnectRequest, NetworkCreateRequest } from "../../types/network.js";
import type { BodyPath } from "../../types/util.js";

/** API version that introduced each member of the request body for creating a network, by path. */
export const networkBodyVersions = {
  Attachable: "1.27",
  ConfigFrom: "1.30",
  ConfigOnly: "1.30",
  EnableIPv4: "1.47",
  Ingress: "1.29",
  Scope: "1.30",
} satisfies Partial<Record<BodyPath<NetworkCreateRequest>, string>>;

/**
 * For members of the request body for creating a network: the values that have the same effect as omitting the member. Listed
 * only where these are not simply the empty values.
 */
export const networkBodyDefaults: Readonly<Record<string, readonly unknown[]>> = {
  CheckDuplicate: [true], // since API 1.44, engines always check
  EnableIPv4: [true],
  Scope: ["", "local"], // before API 1.30, the scope of all drivers except overlay, which has a fixed scope
} satisfies Partial<Record<BodyPath<NetworkCreateRequest>, readonly unknown[]>>;

/**
 * API version that introduced each member of the request body for connecting a container to a network, by path. Unlisted
 * members are read in all API versions since 1.24, or in none.
 */
export const connectBodyVersions: Readonly<Record<string, string>> = {
  "EndpointConfig.DriverOpts": "1.32",
  "EndpointConfig.GwPriority": "1.48",
} satisfies Partial<Record<BodyPath<NetworkConnectRequest>, string>>;
