import { describe } from "vitest";
import {
  archiveWordings,
  checkpointWordings,
  missingPathWordings,
  nameWordings,
  neighbourWordings,
  removalWordings,
  sampleWordings,
} from "../../../lib/api/containers/errors.js";
import { provesEveryWording } from "../../support/wordings.js";

describe("wordings: name in use", () => {
  provesEveryWording(
    nameWordings,
    [
      ["Docker 28", 'Conflict. The container name "/web" is already in use by container "4fa".', "ContainerAlreadyExistsError"],
      [
        "Podman 4",
        'creating container: the container name "web" is already in use by 4fa: that name is already in use',
        "ContainerAlreadyExistsError",
      ],
      [
        "Podman 4.3",
        "renaming container 4a: name web already in use, cannot rename container 4a: container already exists",
        "ContainerAlreadyExistsError",
      ],
      ["Podman 5", "renaming container 4a: UNIQUE constraint failed: ContainerConfig.Name", "ContainerAlreadyExistsError"],
      ["Docker 28", "mkdir /x: file already exists", "ServerError"],
    ],
    ["web"],
    "ServerError",
  );
});

describe("wordings: container that cannot be removed", () => {
  provesEveryWording(
    removalWordings,
    [
      [
        "Docker 20",
        "You cannot remove a running container 091c. Stop the container before attempting removal or force remove",
        "ContainerAlreadyRunningError",
      ],
      [
        "Docker 28",
        'cannot remove container "/web": container is running: stop the container before removing or force remove',
        "ContainerAlreadyRunningError",
      ],
      [
        "Podman 4",
        "cannot remove container 091c as it is running - running or paused containers cannot be removed without force",
        "ContainerAlreadyRunningError",
      ],
      [
        "Docker 20",
        "You cannot remove a paused container 091c. Unpause and then stop the container before attempting removal",
        "ContainerPausedError",
      ],
      ["Docker 28", 'cannot remove container "/web": container is paused and must be unpaused first', "ContainerPausedError"],
      ["Docker 28", "removal of container web is already in progress", "ConflictError"],
    ],
    ["web"],
    "ConflictError",
  );
});

describe("wordings: missing path", () => {
  provesEveryWording(
    missingPathWordings,
    [
      ["Docker 28", "No such container: web", "NoSuchContainerError"],
      ["Podman 4", 'no container with name or ID "web" found: no such container', "NoSuchContainerError"],
      ["Docker 28", "", "NoSuchContainerError"],
      ["Docker 28", "Could not find the file /etc/x in container web", "NoSuchPathError"],
    ],
    ["web", "/etc/x"],
    "NoSuchPathError",
  );
});

describe("wordings: rejected archive", () => {
  provesEveryWording(
    archiveWordings,
    [
      ["Docker 28", "container rootfs is marked read-only", "ForbiddenError"],
      ["Docker 28", "extraction point is not a directory", "BadRequestError"],
      ["Docker 28", 'cannot overwrite directory "/etc" with non-directory "/"', "BadRequestError"],
      ["Podman 4", 'copier: put: error creating "/tmp/dir": open /tmp/dir: file exists', "BadRequestError"],
      ["Docker 28", "something broke", "ServerError"],
    ],
    [],
    "ServerError",
  );
});

describe("wordings: missing container in a filter", () => {
  provesEveryWording(
    neighbourWordings,
    [
      ["Docker 28", "No such container: ghost", "NoSuchContainerError"],
      ["Docker 20", "no such container ghost", "NoSuchContainerError"],
      ["Podman 4", 'no container with name or ID "ghost" found: no such container', "NoSuchContainerError"],
      ["Docker 28", "out of order", "ServerError"],
    ],
    [],
    "ServerError",
  );
});

describe("wordings: failed checkpoint", () => {
  provesEveryWording(
    checkpointWordings,
    [
      ["Docker 28", "Container web not running", "ContainerNotRunningError"],
      ["Docker 28", "criu failed", "ServerError"],
    ],
    ["web"],
    "ServerError",
  );
});

describe("wordings: failure instead of a sample", () => {
  provesEveryWording(
    sampleWordings,
    [
      ["Podman 5", "container is stopped", "ContainerNotRunningError"],
      ["Podman 5", "unable to obtain cgroup stats", "StreamError"],
    ],
    ["web"],
    "StreamError",
  );
});
