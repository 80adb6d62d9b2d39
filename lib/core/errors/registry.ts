import { type ApiErrorDetails, type ApiErrorFactory, apiErrorOf } from "../../errors/api-error.js";
import { RegistryAuthenticationError } from "../../errors/stream-errors.js";
import { classifier, type Wording } from "../wordings.js";

type RefusalSubject = readonly [registry: string, otherwise?: ApiErrorFactory];

const refused = (details: ApiErrorDetails, registry: string) => new RegistryAuthenticationError(registry, details);

const notRefused = (details: ApiErrorDetails, _registry: string, otherwise: ApiErrorFactory = apiErrorOf) => otherwise(details);

/**
 * Wordings for credentials that the registry rejects. The status is not conclusive: it may be 401, 403, 500, or 200 if the error
 * is in a stream. Each pattern matches a clause of the engine's message, because the same words in a name or in a proxy's web
 * page mean nothing.
 */
export const registryRefusalWordings: readonly Wording<RefusalSubject>[] = [
  [/(?:^|: |\n)unauthorized(?:: |$)/, "Docker 20+, Podman 4+", refused],
  [/(?:^|: )no basic auth credentials$/, "Docker 20+", refused],
  // the registry does not disclose whether the repository exists: engines report it as missing
  [/(?:^|: )pull access denied(?: for |, )/, "Docker 20+", notRefused],
  [/(?:^|: )authentication required(?=$|")/, "Podman 5", refused],
  [/(?:^|: )push access denied, /, "Docker 28 with containerd", refused],
  [/(?:^|: |\n)denied: /, "Docker 20+, Podman 4+", refused],
  [/(?:^|: )unexpected status from [A-Z]+ request to \S+: 40[13]\b/, "Docker 28 with containerd", refused],
  [/(?:^|: )unexpected status code (?:\[[^\]]*\]: )?40[13]\b/i, "Docker 20+", refused],
  [/(?:^|: )login attempt to \S+ failed with status: 40[13]\b/, "Docker 20+", refused],
];

/**
 * Creates a {@link RegistryAuthenticationError} if the message says that the registry rejects the credentials; otherwise calls
 * the second argument, which by default creates the general error for the status.
 */
export const registryRefusal = classifier(registryRefusalWordings, notRefused);

type MissingSubject = readonly [missing: ApiErrorFactory, otherwise: ApiErrorFactory];

const makeMissing = (details: ApiErrorDetails, missing: ApiErrorFactory) => missing(details);

/** Wordings for an image or plugin that is missing in the registry, or an image to push that is missing in the engine. */
export const missingInRegistryWordings: readonly Wording<MissingSubject>[] = [
  [/manifest unknown/i, "Docker 20+, Podman 4+", makeMissing],
  [/no matching manifest/i, "Docker 20", makeMissing],
  [/manifest .*not found/i, "Docker 17", makeMissing],
  [/name unknown/i, "Docker 20+, Podman 4+", makeMissing],
  [/does not exist/i, "Docker 20+", makeMissing],
  [/: not found$/i, "Docker 28 with containerd", makeMissing],
  [/404 not found/i, "Docker 28 with containerd", makeMissing],
  [/image not known/i, "Podman 4+", makeMissing],
];

const missingByWording = classifier(missingInRegistryWordings, (details, _missing, otherwise) => otherwise(details));

/**
 * Creates the error for an image or plugin that the registry does not have, by status 404 or by the message.
 *
 * @param missing - creates the error for a missing image or plugin.
 * @param otherwise - creates the error for any other failure.
 */
export const missingInRegistry =
  (missing: ApiErrorFactory, otherwise: ApiErrorFactory): ApiErrorFactory =>
  (details) =>
    details.status === 404 ? missing(details) : missingByWording(missing, otherwise)(details);
