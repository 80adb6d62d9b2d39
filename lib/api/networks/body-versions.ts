import type { BodyPath } from "../../types/util.js";
import type { NetworkConnectRequest, NetworkCreateRequest } from "../../types/network.js";

/** API version from which engines read a part of the body that creates a network, by its path. */
export const networkBodyVersions = {
  Attachable: "1.27",
  ConfigFrom: "1.30",
  ConfigOnly: "1.30",
  EnableIPv4: "1.47",
  Ingress: "1.29",
  Scope: "1.30",
} satisfies Partial<Record<BodyPath<NetworkCreateRequest>, string>>;

/**
 * API version from which engines read a part of the body that joins a container to a network, by its path. What is not here is
 * read by every engine of API 1.24 and later, or by none.
 */
export const connectBodyVersions: Readonly<Record<string, string>> = {
  "EndpointConfig.DriverOpts": "1.32",
  "EndpointConfig.GwPriority": "1.48",
} satisfies Partial<Record<BodyPath<NetworkConnectRequest>, string>>;
