import { describe } from "vitest";
import { containerStateWordings, improperStateWordings, missingContainerWordings } from "../../../lib/core/errors/container.js";
import { ConflictError } from "../../../lib/errors/api-error.js";
import { provesEveryWording } from "../../support/wordings.js";

describe("wordings for a missing container", () => {
  provesEveryWording(
    missingContainerWordings,
    [
      ["Docker 28", "No such container: web", "NoSuchContainerError"],
      ["Docker 28", "No such container: db", "ServerError"],
      ["Podman 4", 'no container with name or ID "web" found: no such container', "NoSuchContainerError"],
      ["Podman 4", "web not found: layer not known", "NoSuchContainerError"],
      ["Docker 28", "", "NoSuchContainerError"],
      ["Docker 28", "status 404", "NoSuchContainerError"],
      ["Docker 28", "network web not found", "ServerError"],
    ],
    ["web"],
    "ServerError",
  );
});

describe("wordings for a container's state", () => {
  provesEveryWording(
    containerStateWordings,
    [
      ["Docker 28", "Container 1c8617 is paused, unpause the container before exec", "ContainerPausedError"],
      ["Docker 28", "cannot start a paused container, try unpause instead", "ContainerPausedError"],
      ["Docker 28", "Container 345634c8 is already paused", "ContainerPausedError"],
      ["Podman 4", '"345634c8" is already paused: container state improper', "ContainerPausedError"],
      [
        "Podman 4",
        "can only attach to created or running containers - currently in state paused: container state improper",
        "ContainerPausedError",
      ],
      ["Podman 4", "container 4f must be in Created or Stopped state to be started: container state improper", "ConflictError"],
      ["Docker 28", "Container 345634c8 is not running", "ContainerNotRunningError"],
      ["Podman 4", "top can only be used on running containers", "ContainerNotRunningError"],
      [
        "Podman 4",
        "can only kill running containers. 4f is in state exited: container state improper",
        "ContainerNotRunningError",
      ],
      ["Docker 28", "Container 345634c8 is restarting, wait until the container is running", "ConflictError"],
      ["Docker 28", "Container 345634c8 is not paused", "ConflictError"],
    ],
    ["web"],
    "ConflictError",
  );
});

describe("wordings for a state that Podman reports with 500", () => {
  provesEveryWording(
    improperStateWordings,
    [
      ["Podman 4", '"345634c8" is not running, can\'t pause: container state improper', "ConflictError"],
      ["Podman 4", "top can only be used on running containers", "ConflictError"],
      ["Docker 28", "Container 345634c8 is not paused", "ServerError"],
    ],
    [(details) => new ConflictError(details)],
    "ServerError",
  );
});
