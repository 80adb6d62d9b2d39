import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam, member } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { noContainerName } from "../../core/errors/empty-name.js";
import { networkMemberErrors } from "./errors.js";
import type { EndpointSettings } from "../../types/network-endpoint.js";
import { connectBodyVersions } from "./body-versions.js";

/** Options of {@link Client.connectNetwork}. */
export interface ConnectNetworkOptions {
  /** ID or name of the network. */
  id: string;
  /** ID or name of the container. */
  container: string;
  /**
   * What its place in the network is to be like: IP addresses, further names. By default the engine decides. Of a MAC address
   * Docker takes no notice here, but where a container is created.
   */
  endpointConfig?: EndpointSettings | undefined;
}

/** Options of {@link Client.disconnectNetwork}. */
export interface DisconnectNetworkOptions {
  /** ID or name of the network. */
  id: string;
  /** ID or name of the container. */
  container: string;
  /** Whether to do so even when the engine does not know the container any more. By default false. */
  force?: boolean | undefined;
}

const connectNetwork = operation<ConnectNetworkOptions>({
  name: "connectNetwork",
  method: "POST",
  path: "/networks/{id}/connect",
  fields: {
    id: pathParam,
    container: member("Container", { required: true }),
    endpointConfig: member<EndpointSettings>("EndpointConfig", { parts: connectBodyVersions }),
  },
  errors: ({ id, container }) => networkMemberErrors(id, container),
});

const disconnectNetwork = operation<DisconnectNetworkOptions>({
  name: "disconnectNetwork",
  method: "POST",
  path: "/networks/{id}/disconnect",
  fields: { id: pathParam, container: member("Container", { required: true }), force: member("Force") },
  errors: ({ id, container }) => networkMemberErrors(id, container),
});

/** Mixed into {@link Client}. */
export default abstract class NetworkConnectMixin extends Connection {
  /**
   * Joins a container to a network. It stays in those that it is in.
   *
   * Docker takes for a container that does not run any network and any addresses, and finds out when the container starts.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkConnect | NetworkConnect}
   * @throws {@link NoSuchNetworkError} when there is no such network, or its id is empty.
   * @throws {@link NoSuchContainerError} when there is no such container, or its id is empty.
   * @throws {@link NoSuchNetworkOrContainerError} when the engine does not tell which of them is missing.
   * @throws {@link ContainerAlreadyConnectedError} when the container is in the network already, and runs.
   * @throws {@link ForbiddenError} when the network is one of a swarm for its tasks alone.
   * @throws {@link BadRequestError} when the network takes no containers, such as `host`, or the addresses cannot be.
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
   * Takes a container out of a network.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkDisconnect | NetworkDisconnect}
   * @throws {@link NoSuchNetworkError} when there is no such network, or its id is empty.
   * @throws {@link NoSuchContainerError} when there is no such container, or its id is empty.
   * @throws {@link NoSuchNetworkOrContainerError} when the engine does not tell which of them is missing.
   * @throws {@link ContainerNotConnectedError} when the container is not in the network.
   */
  async disconnectNetwork(options: DisconnectNetworkOptions, call?: CallOptions): Promise<void> {
    if (options.container === "") throw noContainerName(disconnectNetwork);
    await this.send(disconnectNetwork, options, call);
  }
}
