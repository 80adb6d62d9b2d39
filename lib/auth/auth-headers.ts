import { InvalidOptionError } from "../errors/usage-errors.js";
import { type AuthConfiguration, type AuthConfigurations, pickMembers } from "./auth-configuration.js";
import { dockerHub, dockerHubKey, findKey, keyOf, registryOfKey } from "./registry-name.js";

/** Encodes JSON for the two headers. Engines silently ignore values in the standard base64 alphabet, or without padding. */
function encode(value: unknown): string {
  const text = Buffer.from(JSON.stringify(value), "utf8").toString("base64url");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

function pick(auth: AuthConfiguration, option: string): AuthConfiguration {
  return pickMembers(auth, (problem) => new InvalidOptionError(option, `option "${option}" ${problem}`));
}

/**
 * Encodes the value of the header `X-Registry-Auth`: the credentials as JSON in padded base64url.
 *
 * @param auth - the credentials; `{}` for anonymous access. Members that the API does not define are omitted.
 * @throws {@link InvalidOptionError} when the credentials are not an object, or a member is not a string.
 * @category Authentication
 */
export function encodeRegistryAuth(auth: AuthConfiguration): string {
  return encode(pick(auth, "auth"));
}

/**
 * Encodes the value of the header `X-Registry-Config`, which passes the credentials for several registries to a build. The
 * credentials for Docker Hub are sent under the only key that engines read. If two keys name the same registry, only the plainer
 * one is sent. Keys that do not name a registry are omitted.
 *
 * @param configurations - the credentials by registry.
 * @throws {@link InvalidOptionError} when one of the credentials is not an object, or a member is not a string.
 * @category Authentication
 */
export function encodeRegistryConfig(configurations: AuthConfigurations): string {
  const keys = Object.keys(configurations);
  const written: [string, AuthConfiguration][] = [];
  for (const [key, value] of Object.entries(configurations)) {
    const auth = pick(value, "configurations");
    const registry = registryOfKey(key);
    if (registry === undefined || findKey(keys, registry) !== key) continue;
    const wireKey = registry === dockerHub ? dockerHubKey : key;
    written.push([wireKey, { ...auth, serveraddress: auth.serveraddress || wireKey }]);
  }
  return encode(Object.fromEntries(written));
}

/**
 * Adds the registry to credentials. Without a registry, Docker with the containerd image store ignores them.
 *
 * @param auth - the credentials; not modified.
 * @param registry - the registry, as {@link registryOf} names it.
 * @returns a copy with `serveraddress`: the original one, or else the registry; always `https://index.docker.io/v1/` for Docker
 * Hub.
 * @category Authentication
 */
export function withServerAddress(auth: AuthConfiguration, registry: string): AuthConfiguration {
  const key = keyOf(registry);
  return { ...auth, serveraddress: key === registry ? auth.serveraddress || registry : key };
}
