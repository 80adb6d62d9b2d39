import type { CallOptions, NoOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { operation } from "../../core/operation.js";
import type { ResponseHeaders } from "../../core/request.js";
import type { OpenResponse } from "../../core/request.js";
import type { LocalNodeState } from "../../types/system-info-swarm.js";
import type { PingResponse, SwarmStatus } from "../../types/version.js";

const ping = operation<NoOptions>({ name: "ping", method: "GET", path: "/_ping", versioned: false, fields: {} });

const pingHead = operation<NoOptions>({
  name: "pingHead",
  method: "HEAD",
  path: "/_ping",
  since: "1.40",
  versioned: false,
  fields: {},
});

/** Parses the state of the node and its role in the swarm, such as `active/manager`. */
function swarmStatus(header: string): SwarmStatus {
  const [state = "", role] = header.split("/");
  return { NodeState: state as LocalNodeState, ControlAvailable: role === "manager" }; // engines send only known states
}

/** Reads the headers of the response to a ping. */
function readPing(headers: ResponseHeaders): PingResponse {
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const swarm = text("swarm");
  return {
    ApiVersion: text("api-version"),
    OSType: text("ostype"),
    BuilderVersion: text("builder-version"),
    Experimental: text("docker-experimental") === "true",
    SwarmStatus: swarm === undefined ? undefined : swarmStatus(swarm),
  };
}

/** Reads the response to a ping, and passes its API version to `learn`. */
async function answered(opening: Promise<OpenResponse>, learn: (version: string) => void): Promise<PingResponse> {
  const { headers, body } = await opening;
  await body.discard();
  const answer = readPing(headers);
  if (answer.ApiVersion !== undefined) learn(answer.ApiVersion);
  return answer;
}

/** Mixed into {@link Client}. */
export default abstract class SystemPingMixin extends Connection {
  /**
   * Checks whether the engine responds. The client also learns the API version from the response, so it does not need to
   * request it later.
   *
   * @category System
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemPing | SystemPing}
   * @throws {@link ConnectionError} when the engine cannot be reached.
   * @throws {@link ServerError} when the engine reports a failure.
   * @throws {@link EngineVersionError} when the engine and this package have no API version in common.
   */
  ping(options: NoOptions = {}, call?: CallOptions): Promise<PingResponse> {
    return answered(this.open(ping, options, call), (version) => this.noteVersion(version));
  }

  /**
   * Same as {@link Client.ping}, but with a HEAD request. API 1.40+.
   *
   * @category System
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemPingHead | SystemPingHead}
   * @throws {@link ConnectionError} when the engine cannot be reached.
   * @throws {@link ServerError} when the engine reports a failure.
   * @throws {@link EngineVersionError} when the engine and this package have no API version in common.
   */
  pingHead(options: NoOptions = {}, call?: CallOptions): Promise<PingResponse> {
    return answered(this.open(pingHead, options, call), (version) => this.noteVersion(version));
  }
}
