import { CompositeApi } from "./composites/index.js";
import { ConfigApi } from "./configs/index.js";
import { ContainerApi } from "./containers/index.js";
import type { ClientOptions } from "./core/client-options.js";
import { Connection } from "./core/connection.js";
import { mixin } from "./core/mixin.js";
import { DistributionApi } from "./distribution/index.js";
import { EventApi } from "./events/index.js";
import { ExecApi } from "./exec/index.js";
import { ImageApi } from "./images/index.js";
import { NetworkApi } from "./networks/index.js";
import { NodeApi } from "./nodes/index.js";
import { PluginApi } from "./plugins/index.js";
import { SecretApi } from "./secrets/index.js";
import { SessionApi } from "./session/index.js";
import { SwarmApi } from "./swarm/index.js";
import { ServiceApi } from "./services/index.js";
import { SystemApi } from "./system/index.js";
import { TaskApi } from "./tasks/index.js";
import { type Environment, environmentEndpoint } from "./transport/environment.js";
import { VolumeApi } from "./volumes/index.js";

/**
 * A client of one Docker Engine, or of anything that speaks its API: every operation of the remote API is a method here.
 *
 * Methods take an object of options, and a second one with settings of the call: an `AbortSignal`, timeouts, headers.
 *
 * @category Client
 */
export class Client extends Connection {
  /**
   * Makes a client for the engine that the docker command would use: that of `DOCKER_HOST`, of `DOCKER_CONTEXT`, of the
   * current context, or of the first socket that is there.
   *
   * @category Client
   * @param env - the environment; by default that of the process.
   * @param options - settings that go before those of the environment, and the name of a `context` to use.
   * @throws {@link ConfigurationError} when the environment's settings cannot be used.
   * @throws {@link InvalidEndpointError} when the endpoint that it names cannot be one.
   */
  static fromEnv(env: Environment = process.env, options: ClientOptions & { context?: string | undefined } = {}): Client {
    const { context, ...own } = options;
    const found =
      own.endpoint === undefined ? environmentEndpoint(env, context) : { apiVersion: env.DOCKER_API_VERSION || undefined };
    // an option that is undefined is unset
    const set = Object.fromEntries(Object.entries<unknown>(own).filter(([, value]) => value !== undefined));
    return new Client({ env, ...found, ...set });
  }
}
export interface Client
  extends
    ContainerApi,
    DistributionApi,
    ExecApi,
    ImageApi,
    NetworkApi,
    PluginApi,
    ServiceApi,
    SessionApi,
    SystemApi,
    TaskApi,
    SwarmApi,
    NodeApi,
    SecretApi,
    ConfigApi,
    VolumeApi,
    EventApi,
    CompositeApi {}
mixin(Client, [
  ContainerApi,
  DistributionApi,
  ExecApi,
  ImageApi,
  NetworkApi,
  PluginApi,
  ServiceApi,
  SessionApi,
  SystemApi,
  TaskApi,
  SwarmApi,
  NodeApi,
  SecretApi,
  ConfigApi,
  VolumeApi,
  EventApi,
  CompositeApi,
]);
