import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { noContainerName } from "../../core/errors/empty-name.js";
import { member, pathParam } from "../../core/fields/fields.js";
import { endpointSettings } from "../../core/members/networks.js";
import { operation } from "../../core/operation.js";
import type { EndpointSettings } from "../../types/network-endpoint.js";
import type { Sendable } from "../../types/util.js";
import { connectBodyVersions } from "./body-versions.js";
import { networkMemberErrors } from "./errors.js";

/** Options for {@link Client.connectNetwork}. */
export interface ConnectNetworkOptions {
  /** ID or name of the network. */
  id: string;
  /** ID or name of the container. */
  container: string;
  /**
   * Settings of the endpoint, such as IP addresses and aliases. The engine chooses omitted settings. Docker ignores a MAC
   * address here; set it when creating the container.
   */
  endpointConfig?: Sendable<EndpointSettings> | undefined;
}

/** Options for {@link Client.disconnectNetwork}. */
export interface DisconnectNetworkOptions {
  /** ID or name of the network. */
  id: string;
  /** ID or name of the container. */
  container: string;
  /** Whether to disconnect the container even if it no longer exists. Defaults to false. */
  force?: boolean | undefined;
}

const connectNetwork = operation<ConnectNetworkOptions>({
  name: "connectNetwork",
  method: "POST",
  path: "/networks/{id}/connect",
  slow: true,
  fields: {
    id: pathParam,
    container: member("Container", { required: true }),
    endpointConfig: member<Sendable<EndpointSettings>>("EndpointConfig", {
      members: endpointSettings,
      parts: connectBodyVersions,
    }),
  },
  errors: ({ id, container }) => networkMemberErrors(id, container),
});

const disconnectNetwork = operation<DisconnectNetworkOptions>({
  name: "disconnectNetwork",
  method: "POST",
  path: "/networks/{id}/disconnect",
  slow: true,
  fields: { id: pathParam, container: member("Container", { required: true }), force: member("Force") },
  errors: ({ id, container }) => networkMemberErrors(id, container),
});

/** Mixed into {@link Client}. */
export default abstract class NetworkConnectMixin extends Connection {
  /**
   * Connects a container to a network. The container remains connected to its other networks.
   *
   * For a stopped container, Docker accepts any network and any addresses, and checks them when the container starts.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkConnect | NetworkConnect}
   * @throws {@link NoSuchNetworkError} when the network does not exist, or its ID is empty.
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link NoSuchNetworkOrContainerError} when the network or the container does not exist, and the engine does not
   * report which one.
   * @throws {@link ContainerAlreadyConnectedError} when the container is running and is already connected to the network.
   * @throws {@link ForbiddenError} when the network is a swarm network that only tasks can join.
   * @throws {@link BadRequestError} when the network does not accept containers, as with `host`, or an address is invalid.
   * @example
   * ```ts
   * await client.connectNetwork({ id: "shop", container: "web", endpointConfig: { Aliases: ["www"] } });
   * ```
   */
  async connectNetwork(options: ConnectNetworkOptions, call?: CallOptions): Promise<void> {
    if (options.container === "") throw noContainerName(connectNetwork);
    await this.send(connectNetwork, options, call);
  }

  /**
   * Disconnects a container from a network.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkDisconnect | NetworkDisconnect}
   * @throws {@link NoSuchNetworkError} when the network does not exist, or its ID is empty.
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link NoSuchNetworkOrContainerError} when the network or the container does not exist, and the engine does not
   * report which one.
   * @throws {@link ContainerNotConnectedError} when the container is not connected to the network.
   */
  async disconnectNetwork(options: DisconnectNetworkOptions, call?: CallOptions): Promise<void> {
    if (options.container === "") throw noContainerName(disconnectNetwork);
    await this.send(disconnectNetwork, options, call);
  }
}
