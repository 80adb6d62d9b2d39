/// <reference types="node" preserve="true" />

/**
 * Registry credentials without a client: looking up the credentials that `docker login` stored, and encoding the headers that
 * carry them.
 *
 * @example
 * ```ts
 * const auth = await new RegistryCredentials().resolve(registryOf("quay.io/team/app:1.2"));
 * ```
 *
 * @category Entry points
 * @module ts-dockerclient/auth
 */
export type { AuthConfiguration, AuthConfigurations } from "./auth-configuration.js";
export { encodeRegistryAuth, encodeRegistryConfig, withServerAddress } from "./auth-headers.js";
export { type DockerConfig, parseDockerConfig, type ParseDockerConfigOptions } from "./docker-config.js";
export type { DockerConfigSource } from "./docker-config-source.js";
export type { Environment } from "../wire/environment.js";
export {
  type CredentialsProvider,
  type CredentialsSearch,
  RegistryCredentials,
  type RegistryCredentialsOptions,
} from "./registry-credentials.js";
export { dockerHub, dockerHubKey, registryOf } from "./registry-name.js";
