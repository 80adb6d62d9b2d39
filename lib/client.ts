import BuildApi from "./api/builds/index.js";
import ConfigApi from "./api/configs/index.js";
import ContainerApi from "./api/containers/index.js";
import ConvenienceApi from "./api/conveniences/index.js";
import EventApi from "./api/events/index.js";
import ExecApi from "./api/exec/index.js";
import ImageApi from "./api/images/index.js";
import NetworkApi from "./api/networks/index.js";
import NodeApi from "./api/nodes/index.js";
import PluginApi from "./api/plugins/index.js";
import SecretApi from "./api/secrets/index.js";
import ServiceApi from "./api/services/index.js";
import SwarmApi from "./api/swarm/index.js";
import SystemApi from "./api/system/index.js";
import TaskApi from "./api/tasks/index.js";
import VolumeApi from "./api/volumes/index.js";
import { checkClientOptions, type ClientOptions } from "./core/client-options.js";
import { Connection } from "./core/connection.js";
import { type Merged, mixin } from "./core/mixin.js";
import { environmentEndpoint, environmentTls } from "./transport/dial/environment.js";
import type { Environment } from "./wire/environment.js";

const parts = [
  BuildApi,
  ContainerApi,
  ExecApi,
  ImageApi,
  NetworkApi,
  PluginApi,
  ServiceApi,
  SystemApi,
  TaskApi,
  SwarmApi,
  NodeApi,
  SecretApi,
  ConfigApi,
  VolumeApi,
  EventApi,
  ConvenienceApi,
] as const;

/**
 * A client for one Docker Engine, or for another engine with the same API. Every operation of the API is a method.
 *
 * Methods accept an object with the options of the operation, and a second object with settings of the call, such as an
 * `AbortSignal`, timeouts or headers.
 *
 * @category Client
 */
export class Client extends Connection {
  /**
   * Creates a client for the engine that the docker command would use: the engine that `DOCKER_HOST`, `DOCKER_CONTEXT` or the
   * current context selects, or else the one behind the first standard socket that exists.
   *
   * @category Client
   * @param options - settings that override the environment, and the name of a `context` to use. As with `docker --host`, the
   * environment variables for TLS also apply to `endpoint`, unless `tls` is set.
   * @param env - environment variables; by default `process.env`.
   * @throws {@link InvalidOptionError} when an option is unknown, for example an environment variable.
   * @throws {@link ConfigurationError} when the environment's settings are invalid.
   * @throws {@link InvalidEndpointError} when the endpoint is malformed.
   */
  static fromEnv(options: ClientOptions & { context?: string | undefined } = {}, env: Environment = process.env): Client {
    checkClientOptions("Client.fromEnv", options, ["context"]);
    const { context, ...own } = options;
    const { endpoint, tls } = own;
    const found =
      endpoint === undefined
        ? environmentEndpoint(env, context)
        : { tls: tls ?? environmentTls(endpoint, env), apiVersion: env.DOCKER_API_VERSION || undefined };
    // an option that is undefined is unset
    const set = Object.fromEntries(Object.entries<unknown>(own).filter(([, value]) => value !== undefined));
    return new Client({ env, ...found, ...set });
  }
}
export interface Client extends Merged<typeof parts> {}
mixin(Client, parts);
