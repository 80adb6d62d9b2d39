import { encodeFrame } from "../../lib/wire/frames.js";

/** A successful response of an engine. */
export interface Success {
  type: string;
  headers: string;
  body: string | Buffer;
}

const [json, multiplexed] = ["application/json", "application/vnd.docker.multiplexed-stream"];

/** A container that runs again after the end of every attachment. */
const state = {
  ...{ Running: true, Status: "running", ExitCode: 0, Health: { Status: "healthy" } },
  FinishedAt: "9999-01-01T00:00:00Z",
};
const container = {
  ...{ Id: "x", State: state, Config: { StdinOnce: true, Env: [] }, HostConfig: {} },
  ...{ ID: "x", Running: false, ExitCode: 0, ProcessConfig: { tty: false }, ContainerID: "x" },
};
const service = { ID: "x", Version: { Index: 1 }, Spec: { Name: "x", Mode: { Replicated: { Replicas: 0 } }, TaskTemplate: {} } };
const file = Buffer.from(JSON.stringify({ name: "x", size: 0, mode: 0o644, mtime: "2024-01-01T00:00:00Z", linkTarget: "" }));

/** An archive with one empty file, with Docker's path header. */
function archive(): Success {
  const header = Buffer.alloc(512);
  header.write("x");
  header.write("0000644\0", 100);
  for (const at of [108, 116]) header.write("0000000\0", at);
  for (const at of [124, 136]) header.write("00000000000\0", at);
  header.write("        0", 148);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return {
    type: "application/x-tar",
    headers: `X-Docker-Container-Path-Stat: ${file.toString("base64")}\r\n`,
    body: Buffer.concat([header, Buffer.alloc(1024)]),
  };
}

/** Requests whose response is not an empty object, and their responses. */
const bodies: readonly (readonly [request: RegExp, body: unknown])[] = [
  [/^GET \/(?:containers|exec)\/[^/]+\/json/, container],
  [/^GET \/containers\/[^/]+\/top/, { Titles: [], Processes: [] }],
  [/^POST \/containers\/[^/]+\/wait/, { StatusCode: 0 }],
  [/^POST \/(?:containers\/create|containers\/[^/]+\/exec|commit)/, { Id: "x" }],
  [/^GET \/(?:services|nodes|secrets|configs)\/[^/]+$/, service],
  [/^GET \/swarm$/, service],
  [/^GET \/plugins\/[^/]+\/json/, { PluginReference: "docker.io/library/x:latest" }],
  [/^POST \/images\/create\?fromSrc/, { status: `sha256:${"a".repeat(64)}` }],
  [/^POST \/build(?:\?|$)/, { aux: { ID: `sha256:${"a".repeat(64)}` } }],
  [/^GET \/containers\/[^/]+\/changes/, []],
  [/^GET \/images\/[^/]+\/(?:history|attestations)/, []],
  [
    /^GET \/(?:containers\/json|images\/json|images\/search|networks|nodes|plugins|plugins\/privileges|secrets|services|tasks|configs)(?:\?|$)/,
    [],
  ],
];

/** Returns the frame that a hijacked connection receives. */
export const frame = encodeFrame("stdout", "text\n");

/**
 * Returns a response with which a request succeeds.
 *
 * @param request - method and path with query, without the API version.
 */
export function successOf(request: string): Success {
  if (/^(?:GET|HEAD) \/containers\/[^/]+\/archive/.test(request)) return archive();
  if (/\/logs\?/.test(request)) return { type: multiplexed, headers: "", body: frame };
  const [, body = {}] = bodies.find(([pattern]) => pattern.test(request)) ?? [];
  return { type: json, headers: "", body: JSON.stringify(body) };
}
