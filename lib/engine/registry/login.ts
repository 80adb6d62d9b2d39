import { DEFAULT_REGISTRY } from "../store/image-reference.js";
import type { AuthCredentials } from "./credentials.js";
import { RegistryClient, type RegistryOptions } from "./registry-client.js";

/**
 * Checks credentials with their registry, as `docker login` does.
 *
 * @param credentials - the credentials. Their address is that of a registry, also as a URL; empty for Docker Hub.
 * @param options - insecure registries.
 * @throws {@link EngineError} with status 401 when the registry refuses them, and 500 when it cannot be reached.
 */
export async function loginToRegistry(
  credentials: AuthCredentials,
  options: Omit<RegistryOptions, "credentials"> = {},
): Promise<{ Status: string; IdentityToken: string }> {
  const { serveraddress = "" } = credentials;
  const host = serveraddress.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
  const registry = host === "" || host === "index.docker.io" ? DEFAULT_REGISTRY : host;
  await RegistryClient.login(registry, { ...options, credentials });
  return { Status: "Login Succeeded", IdentityToken: "" };
}
