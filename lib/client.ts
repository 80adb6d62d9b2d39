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
 * A client of one Docker Engine, or of another engine with the same API. Every operation of the remote API is a method.
 *
 * Methods take an object with the options of the operation, and a second one with settings of the call: an `AbortSignal`,
 * timeouts, headers.
 *
 * @category Client
 */
export class Client extends Connection {
  /**
   * Creates a client for the engine that the docker command would use: that of `DOCKER_HOST`, of `DOCKER_CONTEXT`, of the
   * current context, or of the first standard socket that exists.
   *
   * @category Client
   * @param options - settings that override those of the environment, and the name of a `context` to use. The variables for TLS
   * apply to an `endpoint` too, as to `docker --host`, unless there is `tls`.
   * @param env - environment variables; by default `process.env`.
   * @throws {@link InvalidOptionError} when an option is unknown, such as a variable of the environment.
   * @throws {@link ConfigurationError} when the environment's settings are invalid.
   * @throws {@link InvalidEndpointError} when its endpoint is malformed.
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
