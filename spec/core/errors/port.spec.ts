import { describe, expect, it } from "vitest";
import { orPortInUse, portWordings } from "../../../lib/core/errors/port.js";
import { apiErrorOf } from "../../../lib/errors/api-error.js";
import { provesEveryWording } from "../../support/wordings.js";

describe("wordings: port in use", () => {
  const start = "driver failed programming external connectivity on endpoint web (f00f8c48)";
  const answers = [
    ["Docker 20", `${start}: Bind for 0.0.0.0:8080 failed: port is already allocated`, "PortInUseError"],
    [
      "Docker 20",
      `${start}: Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use`,
      "PortInUseError",
    ],
    [
      "Docker 28",
      `failed to set up container networking: ${start}: Bind for [::]:8080 failed: port is already allocated`,
      "PortInUseError",
    ],
    [
      "Docker 28",
      `failed to set up container networking: ${start}: failed to bind host port for 0.0.0.0:8080:172.17.0.3:80/tcp: address already in use`,
      "PortInUseError",
    ],
    ["Podman 4", "cannot listen on the TCP port: listen tcp4 :8080: bind: address already in use", "PortInUseError"],
    [
      "Podman 4, attach",
      "preparing container 2656a431a7ec for attach: cannot listen on the TCP port: listen tcp4 127.0.0.1:8080: bind: address already in use",
      "PortInUseError",
    ],
    [
      "Docker 20, a service",
      "rpc error: code = InvalidArgument desc = port '8080' is already in use by service 'a' (nx5xqb3j7h66) as an ingress port",
      "PortInUseError",
    ],
    [
      "Docker 28, a service",
      "rpc error: code = InvalidArgument desc = port '8080' is already in use by service 'd' (2ksisy6m5t21) as a host-published port",
      "PortInUseError",
    ],
    ["Docker 28", "OCI runtime create failed: address already in use", "ServerError"],
  ] as const;
  provesEveryWording(portWordings, answers, ["web", apiErrorOf], "ServerError");

  it.each(answers.slice(0, -1))("names the port in the answer of %s, %s", (_engine, message) => {
    for (const status of [400, 409, 500]) {
      const details = { status, method: "POST", path: "/", message };
      expect(orPortInUse("web", {})[status]?.(details)).toMatchObject({
        id: "web",
        port: 8080,
        message: `cannot publish port 8080 of web: it is in use (${message})`,
      });
    }
  });
});
