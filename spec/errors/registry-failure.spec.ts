import { describe, expect, it } from "vitest";
import { registryFailure } from "../../lib/api/images/errors.js";
import { missingInRegistryWordings, registryRefusalWordings } from "../../lib/core/errors/registry.js";
import { type ApiErrorDetails, apiErrorOf } from "../../lib/errors/api-error.js";
import { NoSuchImageError } from "../../lib/errors/image-errors.js";
import { provesEveryWording, type RecordedAnswer } from "../support/wordings.js";

/** Recorded failures of pushes and pulls. Status 200 stands for an error inside the stream. */
const reports: [engine: string, operation: string, status: number, message: string, expected: string][] = [
  ["20.10, 28.5", "push, wrong", 200, "unauthorized: authentication required", "RegistryAuthenticationError"],
  ["20.10, 28.5", "push, none", 200, "no basic auth credentials", "RegistryAuthenticationError"],
  ["20.10", "pull, wrong", 500, "unauthorized: authentication required", "RegistryAuthenticationError"],
  ["28.5", "pull, wrong", 401, "unauthorized: authentication required", "RegistryAuthenticationError"],
  [
    "20.10, 28.5",
    "pull, none",
    500,
    'Head "http://127.0.0.1:5000/v2/app/manifests/v1": no basic auth credentials',
    "RegistryAuthenticationError",
  ],
  [
    "28.5 containerd",
    "push, wrong",
    200,
    "unknown: unexpected status from HEAD request to http://127.0.0.1:5000/v2/app/blobs/sha256:b4: 401 Unauthorized",
    "RegistryAuthenticationError",
  ],
  [
    "28.5 containerd",
    "push, none",
    200,
    "push access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials",
    "RegistryAuthenticationError",
  ],
  [
    "28.5 containerd",
    "pull, none",
    500,
    'failed to resolve reference "127.0.0.1:5000/app:v1": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    "RegistryAuthenticationError",
  ],
  [
    "podman",
    "pull, wrong and none",
    200,
    "initializing source docker://127.0.0.1:5000/app:v1: reading manifest v1 in 127.0.0.1:5000/app: unauthorized: authentication required",
    "RegistryAuthenticationError",
  ],
  [
    "podman 5.4",
    "push, wrong and none",
    500,
    '{"errorDetail":{"message":"trying to reuse blob sha256:79 at destination: checking whether a blob sha256:79 exists in 127.0.0.1:5000/app: authentication required"},"error":"trying to reuse blob sha256:79 at destination: checking whether a blob sha256:79 exists in 127.0.0.1:5000/app: authentication required"}',
    "RegistryAuthenticationError",
  ],
  [
    "podman",
    "pull from Docker Hub",
    200,
    "reading manifest latest in docker.io/library/nosuch: errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required",
    "RegistryAuthenticationError",
  ],
  ["any", "push to Docker Hub", 200, "denied: requested access to the resource is denied", "RegistryAuthenticationError"],
  ["any", "pull from Docker Hub, wrong", 500, "unauthorized: incorrect username or password", "RegistryAuthenticationError"],
  [
    "any",
    "push to a registry that forbids it",
    200,
    "unexpected status from POST request to https://r/v2/: 403 Forbidden",
    "RegistryAuthenticationError",
  ],
  [
    "any",
    "pull from Docker Hub what is not there",
    404,
    "pull access denied for nosuch, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    "NoSuchImageError",
  ],
  [
    "24 containerd",
    "pull from Docker Hub what is not there",
    500,
    "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
    "NoSuchImageError",
  ],
  [
    "20.10, 28.5",
    "pull",
    404,
    "manifest for 127.0.0.1:5000/app:v9 not found: manifest unknown: manifest unknown",
    "NoSuchImageError",
  ],
  [
    "28.5 containerd",
    "pull",
    404,
    'failed to resolve reference "127.0.0.1:5000/app:v9": 127.0.0.1:5000/app:v9: not found',
    "NoSuchImageError",
  ],
  ["podman", "pull", 200, "reading manifest v9 in 127.0.0.1:5000/app: manifest unknown: manifest unknown", "NoSuchImageError"],
  ["20.10", "pull for a platform", 500, "no matching manifest for linux/arm/v5 in the manifest list entries", "NoSuchImageError"],
  ["20.10, 28.5", "push", 200, "An image does not exist locally with the tag: 127.0.0.1:5000/nosuch", "NoSuchImageError"],
  ["20.10, 28.5", "push", 200, "tag does not exist: 127.0.0.1:5000/app:v7", "NoSuchImageError"],
  ["podman", "push", 404, "failed to find image 127.0.0.1:5000/nosuch:v1: image not known", "NoSuchImageError"],
  [
    "20.10",
    "pull without a network",
    500,
    'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: network is unreachable',
    "ServerError",
  ],
  [
    "20.10",
    "pull from port 401",
    500,
    'Get "http://127.0.0.1:401/v2/": dial tcp 127.0.0.1:401: connect: connection refused',
    "ServerError",
  ],
  [
    "any",
    "pull to a full disk",
    500,
    "failed to register layer: open /var/lib/docker/x: permission denied: try again",
    "ServerError",
  ],
  [
    "28.5 containerd",
    "push to Docker Hub, none",
    200,
    "push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
    "RegistryAuthenticationError",
  ],
  ["20.10", "search", 500, "Unexpected status code 401", "RegistryAuthenticationError"],
  [
    "20.10",
    "login, wrong",
    500,
    "login attempt to http://127.0.0.1:5000/v2/ failed with status: 401 Unauthorized",
    "RegistryAuthenticationError",
  ],
  [
    "20.10, 28.5",
    "pull through a proxy with a page",
    500,
    "error parsing HTTP 403 response body: invalid character '<' looking for beginning of value: \"<html><h1>403 Forbidden</h1>Unauthorized: access denied</html>\"",
    "ServerError",
  ],
  ["any", "pull", 404, "manifest for unauthorized/foo:v1 not found: manifest unknown: manifest unknown", "NoSuchImageError"],
  ["any", "push", 200, "tag does not exist: unauthorized:v7", "NoSuchImageError"],
  [
    "28.5 containerd",
    "pull",
    404,
    'failed to resolve reference "r/unauthorized:v9": r/unauthorized:v9: not found',
    "NoSuchImageError",
  ],
  ["17.09", "pull", 404, "manifest for 127.0.0.1:5000/app:v9 not found", "NoSuchImageError"],
  [
    "podman",
    "pull",
    200,
    "reading manifest v1 in 127.0.0.1:5000/app: name unknown: repository name not known to registry",
    "NoSuchImageError",
  ],
  [
    "28.5 containerd",
    "push to a server that is not a registry",
    200,
    "unexpected status from POST request to http://127.0.0.1:5000/v2/app/blobs/uploads/: 404 Not Found",
    "NoSuchImageError",
  ],
];

describe("registryFailure", () => {
  it.each(reports)("recognizes the failure of %s, %s: %i %s", (_engine, _operation, status, message, expected) => {
    const details = { status, method: "POST", path: "/images/create", message };
    const error = registryFailure("127.0.0.1:5000/app:v1", apiErrorOf)(details);
    expect(error.name).toBe(expected);
    expect(error.reason).toBe(message);
  });

  it("reports a missing image with the registry's reason", () => {
    const message = "pull access denied for x, repository does not exist or may require 'docker login'";
    const details = { status: 404, method: "POST", path: "/images/create", message };
    expect(registryFailure("x:latest", apiErrorOf)(details).message).toBe(`no such image: x:latest (${message})`);
  });

  it("names the places searched for credentials when the registry may require them", () => {
    const message = "pull access denied for x, repository does not exist or may require 'docker login'";
    const of = (found: boolean, text: string) => {
      const credentials = { found, places: ["/home/me/.docker/config.json"] };
      const details = { status: 404, method: "POST", path: "/images/create", message: text, credentials };
      return registryFailure("x:latest", apiErrorOf)(details).message;
    };
    expect(of(false, message)).toBe(
      `no such image: x:latest (${message}); no credentials found, looked in /home/me/.docker/config.json`,
    );
    expect(of(true, message)).toBe(`no such image: x:latest (${message})`);
    expect(of(false, "manifest unknown")).toBe("no such image: x:latest (manifest unknown)");
  });

  it("reports an image as missing if the registry hides it, even after a prefix", () => {
    const message = "pull access denied for x, repository does not exist or may require 'docker login': denied: no access";
    for (const prefix of ["", "step 1: "]) {
      const details = { status: 500, method: "POST", path: "/build", operation: "buildImage", message: prefix + message };
      expect(registryFailure("x", apiErrorOf)(details)).toBeInstanceOf(NoSuchImageError);
    }
  });
});

const general = "ServerError";

describe("registryRefusalWordings", () => {
  const answers = reports.map(([engine, operation, , message, error]): RecordedAnswer => {
    return [`${engine}, ${operation}`, message, error === "RegistryAuthenticationError" ? error : general];
  });
  provesEveryWording(registryRefusalWordings, answers, ["127.0.0.1:5000", apiErrorOf], general);
});

describe("missingInRegistryWordings", () => {
  const answers = reports.flatMap(([engine, operation, , message, error]): RecordedAnswer[] => {
    return error === "RegistryAuthenticationError" ? [] : [[`${engine}, ${operation}`, message, error]];
  });
  const missing = (details: ApiErrorDetails) => new NoSuchImageError("127.0.0.1:5000/app:v1", details);
  provesEveryWording(missingInRegistryWordings, answers, [missing, apiErrorOf], general);
});
