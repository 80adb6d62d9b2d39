import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import fc from "fast-check";
import { Client } from "../../../lib/client.js";
import { EmbeddedEngine } from "../../../lib/engine/embedded-engine.js";
import { ROUTES } from "../../../lib/jobs/http/routes.js";
import { JobServer } from "../../../lib/jobs/job-server.js";
import { silentLogger } from "../../../lib/service/log.js";
import { BOX, boxArchive } from "../../support/box-archive.js";
import { mistakes } from "../agent-answers.js";
import { watchHeld } from "../held.js";
import { Finding, type KindFactory, mutated, mutations, Outcomes } from "../kind.js";
import { type Answer, send } from "../send.js";

const words = [
  "web-1",
  "web-2",
  "env-1",
  BOX,
  "busybox",
  "80:web-2:80",
  "/etc",
  "http://127.0.0.1:9/",
  "",
  "..",
  "\u0000",
  "é".repeat(99),
];

/** The names of members of requests, and one that none has. */
const members = [
  ...[
    "Id",
    "Image",
    "Command",
    "Ports",
    "Internal",
    "External",
    "Environment",
    "Variables",
    "Name",
    "Value",
    "Source",
    "Started",
  ],
  ...["NetworkLinks", "FromHost", "FromPort", "ToHost", "ToPort", "Links", "VolumeConfig", "VolumeMounts", "Path", "HostPath"],
  ...["Simple", "Isolate", "SocketActivation", "SystemdSlice", "BaseImage", "Arguments", "Timeout", "Wait", "__proto__"],
];

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.constantFrom(...words), fc.constantFrom(0, 1, 80, 65_536, -1, 1.5, 2 ** 53), fc.boolean(), fc.constant(null)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...members), tie("value"), { maxKeys: 6 }),
  ),
}));

/** Requests that are right, whose members are then replaced. */
const right = fc.constantFrom(
  { Image: BOX, Command: ["sleep", "9"], Ports: [{ Internal: 80, External: 0 }], Started: true },
  { Image: BOX, NetworkLinks: [{ FromHost: "db", FromPort: 80, ToHost: "web-2", ToPort: 80 }] },
  { Image: BOX, Environment: { Id: "env-1", Variables: [{ Name: "A", Value: "b" }] } },
  { Links: [{ Id: "web-1", NetworkLinks: [{ FromHost: "db", FromPort: 80, ToHost: "web-2", ToPort: 80 }] }] },
  { Image: BOX, Command: "true", Arguments: ["a"] },
  { Variables: [{ Name: "A", Value: "b" }] },
  {},
);

const bodies = fc
  .tuple(
    fc.oneof(
      right.chain((body) => value.map((other) => ({ ...body, ...(typeof other === "object" && other) }))),
      right,
      value,
    ),
    mutations(["{", "}", "[", '"', "null", '"Ports":', "\\u0000", "1e400"]),
  )
  .map(([body, changes]) => mutated(Buffer.from(JSON.stringify(body)), changes));

const requests = fc.record({
  route: fc.constantFrom(...ROUTES),
  name: fc.constantFrom("web-1", "web-2", "env-1", "w", "..", "%00", "%", "a%2Fb", "x".repeat(300)),
  query: fc.constantFrom("", "?all=1", "?type=env", "?type=", "?volumes=1", "?%"),
  accept: fc.constantFrom("application/json", "application/json;stream=true", "text/plain", "*/*", ";;stream=true;;"),
  id: fc.constantFrom(undefined, "0".repeat(32), "A".repeat(22), "nonsense", ""),
});

const statuses = new Set([0, 200, 202, 204, 400, 404, 405, 406, 409, 412, 413, 415, 429, 500, 503]);

/** Random requests for every route of a server of jobs. */
export const jobs: KindFactory = async () => {
  const outcomes = new Outcomes();
  const faults: string[] = [];
  const held = watchHeld();
  const folder = await mkdtemp(join(tmpdir(), "tsdc-fuzz-jobs-"));
  const engine = await EmbeddedEngine.start({ standardImages: [] });
  const client = new Client({ endpoint: engine.endpoint, auth: false });
  await client.loadImage({ inputStream: Readable.from([await boxArchive()]) });
  const socketPath = join(folder, "jobs.sock");
  const server = await JobServer.start({
    listen: `unix://${socketPath}`,
    client,
    slowQueue: 10,
    stateDirectory: join(folder, "state"),
    logger: { ...silentLogger, error: (facts) => faults.push(JSON.stringify(facts)) },
  });
  const property = fc.asyncProperty(requests, bodies, async ({ route, name, query, accept, id }, given) => {
    const body = route.method === "GET" ? Buffer.alloc(0) : given;
    const path = `${route.path.replace(/:\w+/, name)}${query}`;
    const headers = { accept, "content-length": body.length, ...(id !== undefined && { "x-request-id": id }) };
    const shown = `${route.method} ${path} ${JSON.stringify(headers)} ${body.toString("latin1").slice(0, 1_000)}`;
    const answer = await send({ socketPath, method: route.method, path, headers }, body);
    outcomes.count(answer.status === 0 ? "left" : String(answer.status));
    check(answer, shown);
    const fault = faults.splice(0)[0];
    if (fault !== undefined) throw new Finding(`${shown} is a fault: ${inspect(fault)}`);
  });
  return {
    about: "hostile requests for a server of jobs",
    property,
    outcomes,
    close: async () => {
      await server.close(0);
      await client.close();
      await engine.close();
      await rm(folder, { recursive: true });
      const left = await held();
      if (left.length > 0) throw new Finding(`the server has left ${left.join("; ")}`);
    },
  };
};

/** Checks that an answer is one that callers understand. */
function check({ status, headers, body }: Answer, shown: string): void {
  const text = body.toString();
  const isWrong = (what: string): never => {
    throw new Finding(`${shown}: ${what}: ${status} ${text.slice(0, 1_000)}`);
  };
  if (!statuses.has(status)) isWrong("unexpected status");
  if (status >= 400 && mistakes.test(text)) isWrong("a failure shows what it should not");
  if (status >= 400 && text === "") isWrong("a failure gives no reason");
  if (status === 204 && text !== "") isWrong("no content has some");
  if (!headers["content-type"]?.startsWith("application/json")) return;
  try {
    JSON.parse(text);
  } catch {
    isWrong("no JSON");
  }
}
