import { describe } from "vitest";
import { creationWordings, membershipWordings, missingWordings, removalWordings } from "../../../lib/api/networks/errors.js";
import { provesEveryWording } from "../../support/wordings.js";

describe("wordings for a network that cannot be created", () => {
  provesEveryWording(
    creationWordings,
    [
      ["Docker 28", "network with name shop already exists", "NetworkAlreadyExistsError"],
      ["Podman 5", "network name shop already used: network already exists", "NetworkAlreadyExistsError"],
      ["Docker 28", 'configuration network "settings" does not exist', "NoSuchNetworkError"],
      [
        "Docker 28",
        'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node',
        "NodeNotInSwarmError",
      ],
      ["Docker 28", 'plugin "weave" not found', "ServerError"],
      ["Docker 28", "Pool overlaps with other one on this address space", "ServerError"],
    ],
    ["shop", "settings"],
    "ServerError",
  );
});

describe("wordings for a network that cannot be removed", () => {
  provesEveryWording(
    removalWordings,
    [
      ["Docker 28", "error while removing network: network shop id 4f has active endpoints", "NetworkInUseError"],
      ["Docker 28", "rpc error: code = FailedPrecondition desc = network 4f is in use by service 5a", "NetworkInUseError"],
      ["Podman 5", '"shop" has associated containers with it. Use -f to delete them: network is being used', "NetworkInUseError"],
      ["Docker 28", "bridge is a pre-defined network and cannot be removed", "ForbiddenError"],
      ["Podman 5", "default network podman cannot be removed", "ForbiddenError"],
    ],
    ["shop"],
    "ServerError",
  );
});

describe("wordings for a missing network or container", () => {
  provesEveryWording(
    missingWordings,
    [
      ["Docker 28", "No such container: web", "NoSuchContainerError"],
      ["Podman 5", 'no container with name or ID "web" found: no such container', "NoSuchContainerError"],
      ["Docker 28", "network shop not found", "NoSuchNetworkError"],
      ["Podman 5", "unable to find network with name or ID shop: network not found", "NoSuchNetworkError"],
      ["no engine", "", "NoSuchNetworkError"],
      ["Docker 28", "endpoint web not found", "NoSuchNetworkOrContainerError"],
    ],
    ["shop", "web"],
    "NoSuchNetworkOrContainerError",
  );
});

describe("wordings for a network that rejects a container", () => {
  provesEveryWording(
    membershipWordings,
    [
      ["Docker 28", "endpoint with name web already exists in network shop", "ContainerAlreadyConnectedError"],
      [
        "Podman 5",
        'container 4f is already connected to network "shop": network is already connected',
        "ContainerAlreadyConnectedError",
      ],
      ["Docker 28", "container 4f is not connected to network shop", "ContainerNotConnectedError"],
      [
        "Docker 28",
        "Could not attach to network shop: rpc error: code = PermissionDenied desc = network shop not manually attachable",
        "ForbiddenError",
      ],
      ["Docker 28", "no available IPv4 addresses on this network's address pools: shop (4f)", "ServerError"],
    ],
    ["shop", "web"],
    "ServerError",
  );
});
