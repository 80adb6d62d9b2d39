import { InvalidOptionError } from "../errors/usage-errors.js";

/** Docker Hub, as {@link registryOf} names it. @category Authentication */
export const dockerHub = "docker.io";

/** The key of Docker Hub's credentials in `config.json`, in helpers and in `X-Registry-Config`. @category Authentication */
export const dockerHubKey = "https://index.docker.io/v1/";

const hubHosts: ReadonlySet<string> = new Set([dockerHub, "index.docker.io", "registry-1.docker.io"]);

// `docker login` through the browser keeps its OAuth tokens beside the credentials, under keys that look like registries
const oauthKeys: ReadonlySet<string> = new Set([`${dockerHubKey}access-token`, `${dockerHubKey}refresh-token`]);

const scheme = /^[a-z][a-z\d+.-]*:\/\//i;

/** The host and port of a login address or of a key in `config.json`: without scheme, user, path. */
function hostOf(address: string): string {
  const start = scheme.exec(address)?.[0].length ?? 0;
  const authority = /^[^/?#]*/.exec(address.slice(start))?.[0] ?? "";
  return start === 0 ? authority : authority.slice(authority.lastIndexOf("@") + 1);
}

function canonical(host: string): string {
  return hubHosts.has(host.toLowerCase()) ? dockerHub : host;
}

function refuseEmpty(name: string): never {
  throw new InvalidOptionError(name, `the ${name} names no registry: it is empty`);
}

/**
 * Finds out which registry an image reference belongs to, by Docker's rule: what stands before the first slash is a registry
 * when it has a dot, a colon or a capital letter in it, or is `localhost`; everything else is on Docker Hub.
 * The address of a registry may be given as well, with its scheme: `https://registry.example.com/v1/`.
 *
 * @param reference - an image reference, such as `busybox`, `quay.io/org/app:1.2` or `[::1]:5000/app@sha256:…`.
 * @returns the host with its port as they are written in the reference; `docker.io` for every name of Docker Hub.
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

/** Whether a text without a slash is a host rather than the name of an image on Docker Hub. */
function isBareHost(text: string): boolean {
  if (text.includes("@")) return false;
  const [name = "", port, ...more] = text.split(":");
  if (more.length > 0) return true;
  if (port !== undefined) return /^\d+$/.test(port);
  return name === "localhost" || name.includes(".") || name !== name.toLowerCase();
}

/**
 * Finds out which registry is meant by a text that may be an image reference or a registry.
 * What can be both (`name:5000`) is a registry, so that this function keeps what {@link registryOf} gave.
 *
 * @throws {@link InvalidOptionError} when the text is empty.
 */
export function registryMeantBy(referenceOrRegistry: string): string {
  if (referenceOrRegistry.includes("/")) return registryOf(referenceOrRegistry);
  if (referenceOrRegistry === "") refuseEmpty("registry");
  return isBareHost(referenceOrRegistry) ? canonical(referenceOrRegistry) : dockerHub;
}

/** The registry that a key of `config.json` or of a credential helper stands for; undefined when it stands for none. */
export function registryOfKey(key: string): string | undefined {
  return oauthKeys.has(key) ? undefined : canonical(hostOf(key)) || undefined;
}

/** The key under which engines and credential helpers look for a registry's credentials. */
export function keyOf(registry: string): string {
  return registry === dockerHub ? dockerHubKey : registry;
}

/** Whether two names mean the same registry. Hosts have no case. */
function isSameRegistry(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** Finds a registry's key among others: its own before one that has a scheme, a path or another case. */
export function findKey(keys: readonly string[], registry: string): string | undefined {
  const own = keyOf(registry);
  return keys.includes(own) ? own : keys.find((key) => isSameRegistry(registryOfKey(key), registry));
}
