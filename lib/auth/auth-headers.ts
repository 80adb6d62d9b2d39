import { InvalidOptionError } from "../errors/usage-errors.js";
import { type AuthConfiguration, type AuthConfigurations, pickMembers } from "./auth-configuration.js";
import { dockerHub, dockerHubKey, findKey, keyOf, registryOfKey } from "./registry-name.js";

/** Writes JSON as the two headers carry it. Engines drop what has the standard alphabet or no padding, without a word. */
function encode(value: unknown): string {
  const text = Buffer.from(JSON.stringify(value), "utf8").toString("base64url");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

function pick(auth: AuthConfiguration, option: string): AuthConfiguration {
  return pickMembers(auth, (problem) => new InvalidOptionError(option, `option "${option}" ${problem}`));
}

/**
 * Writes the value of the header `X-Registry-Auth`: padded base64url of the credentials' JSON.
 *
 * @param auth - the credentials; `{}` for an anonymous visitor. Members that the API does not know are left out.
 * @throws {@link InvalidOptionError} when the credentials are not an object, or one of its members is not a text.
 * @category Authentication
 */
export function encodeRegistryAuth(auth: AuthConfiguration): string {
  return encode(pick(auth, "auth"));
}

/**
 * Writes the value of the header `X-Registry-Config`, which gives a build the credentials of several registries.
 * Docker Hub goes under the one key that engines look for, whichever of its names it was given by. Where two keys mean the
 * same registry only its plainest goes; a key that is no registry does not.
 *
 * @param configurations - the credentials by registry.
 * @throws {@link InvalidOptionError} when one of the credentials is not an object, or a member of it is not a text.
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
 * Completes credentials with the registry that they are for, without which an engine with a containerd image store
 * keeps them to itself.
 *
 * @param auth - the credentials; they are not changed.
 * @param registry - the registry, as {@link registryOf} names it.
 * @returns a copy with `serveraddress`: what it was, else the registry; always `https://index.docker.io/v1/` for Docker Hub.
 * @category Authentication
 */
export function withServerAddress(auth: AuthConfiguration, registry: string): AuthConfiguration {
  const key = keyOf(registry);
  return { ...auth, serveraddress: key === registry ? auth.serveraddress || registry : key };
}
