import type { Client } from "../../index.js";
import { ID_LABEL, revisionOf } from "../containers/definition.js";
import { type EnvironmentVariable, variablesText } from "../values/environment.js";
import { secretName } from "./names.js";

/** A secret, as a service refers to it. */
export interface SecretReference {
  readonly id: string;
  readonly name: string;
}

/** Returns the secret with the variables of a container. It is created if the swarm does not have it: secrets never change. */
export async function ensureSecret(
  client: Client,
  id: string,
  variables: readonly EnvironmentVariable[],
  signal: AbortSignal,
): Promise<SecretReference> {
  const name = secretName(id, revisionOf(variables));
  const found = (await client.listSecrets({ filters: { names: name } }, { signal })).find(({ Spec }) => Spec.Name === name);
  if (found) return { id: found.ID, name };
  const { ID } = await client.createSecret({ name, data: variablesText(variables), labels: { [ID_LABEL]: id } }, { signal });
  return { id: ID, name };
}

/** Removes the secrets of a container that no service uses. */
export async function removeSecrets(client: Client, id: string, signal: AbortSignal): Promise<void> {
  const secrets = await client.listSecrets({ filters: { label: `${ID_LABEL}=${id}` } }, { signal });
  // the swarm refuses to remove those that a service uses
  for (const { ID } of secrets) await client.removeSecret({ id: ID }, { signal }).catch(() => undefined);
}
