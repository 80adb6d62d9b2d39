import type { BuildImageOptions, InstallContainerOptions, RunContainerOptions } from "../models.js";
import { buildImageRequest } from "../requests/build-image.js";
import { containerLogRequest, containerPortsRequest, containerStatusRequest } from "../requests/container-details.js";
import {
  type ContainerOptions,
  type DeleteContainerOptions,
  deleteContainerRequest,
  purgeContainersRequest,
  restartContainerRequest,
  startedContainerStateRequest,
  type StoppedContainerStateOptions,
  stoppedContainerStateRequest,
} from "../requests/container-state.js";
import {
  type ContentOptions,
  contentRequest,
  type EnvironmentOptions,
  getEnvironmentRequest,
  patchEnvironmentRequest,
  putEnvironmentRequest,
} from "../requests/environment.js";
import { installContainerRequest } from "../requests/install-container.js";
import { type LinkContainersOptions, linkContainersRequest } from "../requests/link-containers.js";
import { listBuildsRequest, listContainersRequest, listImagesRequest } from "../requests/lists.js";
import type { JobRequest } from "../requests/request.js";
import { runContainerRequest } from "../requests/run-container.js";

/** Options of a request, which the request itself checks. */
type Given = Record<string, unknown>;

/** How a request is sent over HTTP. */
export interface Route {
  /** Name of the request. */
  readonly name: string;
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  /** The path, in which `:name` stands for an option. */
  readonly path: string;
  /** Options in the query, and their names there. Others are in the body. */
  readonly query?: Readonly<Record<string, string>>;
  /** Creates the request. */
  make(given: Given): JobRequest<object | undefined>;
}

/** The requests of geard's server. What is asked for is checked by the request, whatever its type says here. */
export const ROUTES: readonly Route[] = [
  {
    name: "InstallContainerRequest",
    method: "PUT",
    path: "/container/:id",
    make: (given) => installContainerRequest(given as unknown as InstallContainerOptions),
  },
  {
    name: "DeleteContainerRequest",
    method: "DELETE",
    path: "/container/:id",
    query: { removeVolumes: "volumes" },
    make: (given) => deleteContainerRequest(given as unknown as DeleteContainerOptions),
  },
  {
    name: "ContainerStatusRequest",
    method: "GET",
    path: "/container/:id/status",
    make: (given) => containerStatusRequest(given as unknown as ContainerOptions),
  },
  {
    name: "ContainerLogRequest",
    method: "GET",
    path: "/container/:id/log",
    make: (given) => containerLogRequest(given as unknown as ContainerOptions),
  },
  {
    name: "ContainerPortsRequest",
    method: "GET",
    path: "/container/:id/ports",
    make: (given) => containerPortsRequest(given as unknown as ContainerOptions),
  },
  {
    name: "StartedContainerStateRequest",
    method: "PUT",
    path: "/container/:id/started",
    make: (given) => startedContainerStateRequest(given as unknown as ContainerOptions),
  },
  {
    name: "StoppedContainerStateRequest",
    method: "PUT",
    path: "/container/:id/stopped",
    make: (given) => stoppedContainerStateRequest(given as unknown as StoppedContainerStateOptions),
  },
  {
    name: "RestartContainerRequest",
    method: "POST",
    path: "/container/:id/restart",
    make: (given) => restartContainerRequest(given as unknown as ContainerOptions),
  },
  {
    name: "ListContainersRequest",
    method: "GET",
    path: "/containers",
    query: { includeInactive: "all" },
    make: (given) => listContainersRequest(given),
  },
  { name: "PurgeContainersRequest", method: "DELETE", path: "/containers", make: () => purgeContainersRequest() },
  {
    name: "LinkContainersRequest",
    method: "POST",
    path: "/containers/links",
    make: (given) => linkContainersRequest(given as unknown as LinkContainersOptions),
  },
  { name: "ListImagesRequest", method: "GET", path: "/images", make: () => listImagesRequest() },
  { name: "ListBuildsRequest", method: "GET", path: "/builds", make: () => listBuildsRequest() },
  {
    name: "BuildImageRequest",
    method: "POST",
    path: "/build-image",
    make: (given) => buildImageRequest(given as unknown as BuildImageOptions),
  },
  {
    name: "RunContainerRequest",
    method: "POST",
    path: "/jobs",
    make: (given) => runContainerRequest(given as unknown as RunContainerOptions),
  },
  {
    name: "GetEnvironmentRequest",
    method: "GET",
    path: "/environment/:id",
    make: (given) => getEnvironmentRequest(given as unknown as EnvironmentOptions),
  },
  {
    name: "PutEnvironmentRequest",
    method: "PUT",
    path: "/environment/:id",
    make: (given) => putEnvironmentRequest(given),
  },
  {
    name: "PatchEnvironmentRequest",
    method: "PATCH",
    path: "/environment/:id",
    make: (given) => patchEnvironmentRequest(given),
  },
  {
    name: "ContentRequest",
    method: "GET",
    path: "/content/:locator",
    query: { type: "type", subpath: "subpath" },
    make: (given) => contentRequest(given as unknown as ContentOptions),
  },
];

/** The requests without a name of their own: they are named after their identifiers. */
export const NAMED_BY_ID: ReadonlySet<string> = new Set(["BuildImageRequest", "RunContainerRequest"]);
