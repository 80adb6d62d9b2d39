import { InvalidOptionError } from "../errors/usage-errors.js";

/** Docker Hub, as {@link registryOf} names it. @category Authentication */
export const dockerHub = "docker.io";

/** The key of Docker Hub's credentials in `config.json`, in helpers and in `X-Registry-Config`. @category Authentication */
export const dockerHubKey = "https://index.docker.io/v1/";

const hubHosts: ReadonlySet<string> = new Set([dockerHub, "index.docker.io", "registry-1.docker.io"]);

// browser-based `docker login` stores OAuth tokens with the credentials, under keys that look like registries
const oauthKeys: ReadonlySet<string> = new Set([`${dockerHubKey}access-token`, `${dockerHubKey}refresh-token`]);

const scheme = /^[a-z][a-z\d+.-]*:\/\//i;

/** Returns the host and port of a login address or of a key in `config.json`, without the scheme, user and path. */
function hostOf(address: string): string {
  const start = scheme.exec(address)?.[0].length ?? 0;
  const authority = /^[^/?#]*/.exec(address.slice(start))?.[0] ?? "";
  return start === 0 ? authority : authority.slice(authority.lastIndexOf("@") + 1);
}

function canonical(host: string): string {
  return hubHosts.has(host.toLowerCase()) ? dockerHub : host;
}

function refuseEmpty(name: string): never {
  throw new InvalidOptionError(name, `the ${name} is empty: it must name a registry`);
}

/**
 * Returns the registry of an image reference, by Docker's rule: the part before the first slash is a registry if it contains a
 * dot, a colon or a capital letter, or is `localhost`; everything else is on Docker Hub.
 * Also accepts the address of a registry with its scheme: `https://registry.example.com/v1/`.
 *
 * @param reference - an image reference, such as `busybox`, `quay.io/org/app:1.2` or `[::1]:5000/app@sha256:…`.
 * @returns host and port as written in the reference; `docker.io` for every name of Docker Hub.
 * @throws {@link InvalidOptionError} when the reference is empty.
 * @category Authentication
 */
export function registryOf(reference: string): string {
  if (scheme.test(reference)) return canonical(hostOf(reference) || refuseEmpty("reference"));
  const slash = reference.indexOf("/");
  if (slash < 0) return reference === "" ? refuseEmpty("reference") : dockerHub;
  const first = reference.slice(0, slash);
  const isHost = first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();
  return isHost ? canonical(first) : dockerHub;
}

/** Whether a string without a slash is a host, not the name of an image on Docker Hub. */
function isBareHost(text: string): boolean {
  if (text.includes("@")) return false;
  const [name = "", port, ...more] = text.split(":");
  if (more.length > 0) return true;
  if (port !== undefined) return /^\d+$/.test(port);
  return name === "localhost" || name.includes(".") || name !== name.toLowerCase();
}

/**
 * Returns the registry of a string that is an image reference or a registry. An ambiguous string (`name:5000`) counts as a
 * registry, so that results of {@link registryOf} are returned unchanged.
 *
 * @throws {@link InvalidOptionError} when the string is empty.
 */
export function registryMeantBy(referenceOrRegistry: string): string {
  if (referenceOrRegistry.includes("/")) return registryOf(referenceOrRegistry);
  if (referenceOrRegistry === "") refuseEmpty("registry");
  return isBareHost(referenceOrRegistry) ? canonical(referenceOrRegistry) : dockerHub;
}

/** Returns the registry of a key in `config.json` or of a credential helper; undefined if it is not a registry. */
export function registryOfKey(key: string): string | undefined {
  return oauthKeys.has(key) ? undefined : canonical(hostOf(key)) || undefined;
}

/** Returns the key under which engines and credential helpers store a registry's credentials. */
export function keyOf(registry: string): string {
  return registry === dockerHub ? dockerHubKey : registry;
}

/** Whether two names refer to the same registry. The case of hosts is ignored. */
function isSameRegistry(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** Finds the key of a registry. An exact match takes precedence over a key with a scheme, a path or a different case. */
export function findKey(keys: readonly string[], registry: string): string | undefined {
  const own = keyOf(registry);
  return keys.includes(own) ? own : keys.find((key) => isSameRegistry(registryOfKey(key), registry));
}
