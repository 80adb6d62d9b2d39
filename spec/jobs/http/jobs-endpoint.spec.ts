import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { JobServer, type JobServerOptions } from "../../../lib/jobs/job-server.js";
import { startEngine } from "../../support/embedded-engine.js";

/** Starts a server of jobs on an embedded engine for the rest of the test. Returns its URL. */
async function startServer(options: JobServerOptions = {}): Promise<string> {
  const { client } = await startEngine();
  const server = await JobServer.start({ listen: "tcp://127.0.0.1:0", client, slowQueue: 100, ...options });
  onTestFinished(() => server.close(0));
  return server.endpoint.replace("tcp:", "http:");
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

async function ask(url: string, method = "GET", body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body: text }) });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const streamed = { Accept: "application/json;stream=true" };
const install = { Image: "busybox", Ports: [{ Internal: 80, External: 0 }] };

describe("a request", () => {
  test("is answered with the status and in the form that geard gave it", async () => {
    const url = await startServer();
    const installed = await ask(`${url}/container/web-1`, "PUT", { ...install, Image: "box" }, streamed);
    expect([installed.status, installed.text]).toEqual([202, "Container web-1 is installed\n"]);
    expect(installed.headers.get("x-portmapping")).toMatch(/^80:\d+$/);
    expect(installed.headers.get("content-type")).toBe("text/plain; charset=utf-8");

    const ports = await ask(`${url}/container/web-1/ports`);
    expect([ports.status, JSON.parse(ports.text)]).toEqual([
      200,
      { Ports: [{ Internal: 80, External: expect.any(Number) as number }] },
    ]);
    const list = await ask(`${url}/containers?all=1`);
    const row = { Id: "web-1", ActiveState: "inactive", SubState: "dead", LoadState: "loaded" };
    expect([list.status, JSON.parse(list.text)]).toMatchObject([200, { Containers: [row] }]);
    const table = await ask(`${url}/containers?all=1`, "GET", undefined, { Accept: "text/plain" });
    expect(table.text).toBe(
      "ID      ACTIVE   SUB     LOAD    TYPE\nweb-1   inactivedead    loaded  \n".replace("inactivedead", "inactive dead"),
    );
    expect((await ask(`${url}/containers`)).text).toBe('{"Containers":[]}\n');

    expect((await ask(`${url}/container/web-1/status`)).text).toContain("Active: inactive (dead)");
    const deleted = await ask(`${url}/container/web-1`, "DELETE");
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect((await ask(`${url}/container/web-1/ports`)).status).toBe(404);
  });

  test("that reads is answered again if it comes twice with one identifier, and one that changes is not", async () => {
    const url = await startServer();
    await ask(`${url}/container/web-1`, "PUT", { ...install, Image: "box" });
    const twice = async (path: string, method = "GET"): Promise<Answer[]> => {
      const headers = { "X-Request-Id": randomBytes(16).toString("hex") };
      return [await ask(url + path, method, undefined, headers), await ask(url + path, method, undefined, headers)];
    };
    for (const path of ["/containers?all=1", "/container/web-1/status", "/container/web-1/ports", "/images", "/builds"]) {
      const [first, second] = await twice(path);
      expect(first?.text, path).not.toBe("");
      expect([second?.status, second?.text], path).toEqual([first?.status, first?.text]);
    }
    expect((await twice("/container/web-1/stopped", "PUT")).map(({ status }) => status)).toEqual([204, 204]);
  });

  test("without a wish for output is answered with 204, and with the ports", async () => {
    const url = await startServer();
    const { status, text, headers } = await ask(`${url}/container/web-1`, "PUT", { ...install, Image: "box" });
    expect([status, text]).toEqual([204, ""]);
    expect(headers.get("x-portmapping")).toMatch(/^80:\d+$/);
  });

  test.each([
    ["PUT", "/container/web-1", {}, 400, "a container needs an image"],
    ["PUT", "/container/web", install, 400, "an identifier has 4 to 24 letters"],
    ["PUT", "/container/web-1", { ...install, Nonesuch: 1 }, 400, "nonesuch"],
    ["PUT", "/container/web-1", { ...install, Ports: [{ Internal: 0 }] }, 400, "the internal port is a port: 1 to 65535"],
    ["PUT", "/container/web-1", { ...install, SocketActivation: true }, 400, "the option socketActivation is not supported"],
    [
      "PUT",
      "/container/web-1",
      { ...install, VolumeConfig: { VolumeMounts: [{ Path: "/a", HostPath: "/etc" }] } },
      400,
      "the path /etc",
    ],
    ["POST", "/build-image", { Source: "/root", BaseImage: "b" }, 400, "the server does not let callers use the path /root"],
    [
      "POST",
      "/build-image",
      { Source: "http://127.0.0.1/r.git", BaseImage: "b" },
      400,
      "the host of the source may not be asked",
    ],
    ["POST", "/build-image", { BaseImage: "b" }, 400, "a build needs a source"],
    ["POST", "/jobs", {}, 400, "a job needs an image"],
    ["POST", "/containers/links", { Links: [] }, 400, "at least one container must be linked"],
    ["PUT", "/environment/env-1", { Source: "http://127.0.0.1:1/" }, 400, "the host 127.0.0.1 may not be asked"],
    ["GET", "/content/env-1?type=git", undefined, 400, "the content type"],
    ["GET", "/environment/env-1", undefined, 404, "Unable to find the requested environment."],
    ["PUT", "/container/web-1/started", undefined, 404, "The specified container does not exist."],
    ["PUT", "/container/web-1", "[]", 400, "the body is not a JSON object"],
    ["PUT", "/container/web-1", "{", 400, "the body is not JSON"],
    ["PUT", "/container/web-1", `{"a":${"[".repeat(1000)}${"]".repeat(1000)}}`, 400, "the request has more than 16 levels"],
    ["PUT", "/container/web-1", `"${"a".repeat(110_000)}"`, 413, "the body is longer than 102400 bytes"],
    ["POST", "/container/web-1", undefined, 405, "method not allowed"],
    ["GET", "/nonesuch", undefined, 404, "page not found"],
  ] as const)("%s %s with %j is answered with %i", async (method, path, body, status, text) => {
    const answer = await ask(`${await startServer()}${path}`, method, body);
    expect([answer.status, answer.text.toLowerCase()]).toEqual([status, expect.stringContaining(text.toLowerCase())]);
  });

  test("has an identifier in one of three forms, and an API version", async () => {
    const server = await startServer();
    const url = `${server}/containers`;
    // the three are one identifier, which belongs to the first request
    for (const [index, id] of ["0".repeat(32), "A".repeat(22), `${"A".repeat(22)}==`].entries()) {
      const options = { ...install, Image: "box" };
      const { status } = await ask(`${server}/container/web-${index}`, "PUT", options, { "X-Request-Id": id });
      expect(status).toBe(index === 0 ? 204 : 400);
    }
    for (const id of ["1", "g".repeat(32), "A".repeat(23)]) {
      const { status, text } = await ask(url, "GET", undefined, { "X-Request-Id": id });
      expect([status, text]).toEqual([400, "X-Request-Id must be a 32 character hexadecimal string"]);
    }
    for (const [header, value, status] of [
      ["If-Match", "api=1", 200],
      ["If-Match", '"api=1", "api=2"', 200],
      ["If-Match", "*", 200],
      ["If-Match", "api=2", 412],
      ["X-Api-Version", "1", 200],
      ["X-Api-Version", "2", 412],
    ] as const)
      expect((await ask(url, "GET", undefined, { [header]: value })).status).toBe(status);
  });

  test("that waits where there is no room is answered with 503, and its retry runs", async () => {
    const url = await startServer({ slowQueue: 1 });
    const run = (id: string): Promise<Answer> =>
      ask(
        `${url}/jobs`,
        "POST",
        { Image: "box", Command: "sleep", Arguments: ["1"] },
        { ...streamed, "X-Request-Id": id.repeat(32) },
      );
    const first = ["1", "2", "3", "4"].map(run);
    const answers = await Promise.all(first);
    const refused = answers.findIndex(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(3);
    expect(answers[refused]?.text).toBe("The server is at maximum capacity - please try again shortly");
    expect(answers[refused]?.headers.get("retry-after")).toBe("1");
    expect((await run(String(refused + 1))).status).toBe(202);
    expect((await run("1")).status).toBe(204);
  });

  test("a second time after less than 400 ms is answered with 429", async () => {
    const url = await startServer();
    await ask(`${url}/container/web-1`, "PUT", { Image: "box", Command: ["sleep", "1000"], Started: true });
    await ask(`${url}/container/web-1/restart`, "POST");
    const { status, text, headers } = await ask(`${url}/container/web-1/restart`, "POST");
    expect([status, headers.get("retry-after")]).toEqual([429, "1"]);
    expect(JSON.parse(text)).toMatchObject({ Data: { RetryAfter: expect.any(Number) as number, Container: "web-1" } });
  });
});

describe("a server", () => {
  test("tells its health and its measurements, and asks for the token", async () => {
    const token = "correct-horse";
    const url = await startServer({ tokens: [token] });
    expect((await ask(`${url}/healthz`)).status).toBe(200);
    expect(JSON.parse((await ask(`${url}/readyz`)).text)).toMatchObject({ ready: true });
    expect((await ask(`${url}/containers`)).status).toBe(401);
    const known = { Authorization: `Bearer ${token}` };
    expect((await ask(`${url}/containers`, "GET", undefined, known)).status).toBe(200);
    const metrics = await ask(`${url}/metrics`, "GET", undefined, known);
    expect(metrics.text).toContain('tsdc_jobs_requests_total{request="ListContainersRequest",status="200"} 1');
  });

  test("keeps environments in its folder, which no other server uses meanwhile", async () => {
    const stateDirectory = await mkdtemp(join(tmpdir(), "jobs-"));
    onTestFinished(() => rm(stateDirectory, { recursive: true, force: true }));
    const { client } = await startEngine();
    const start = (): Promise<JobServer> => JobServer.start({ listen: "tcp://127.0.0.1:0", client, stateDirectory });
    const server = await start();
    const at = (endpoint: string): string => `${endpoint.replace("tcp:", "http:")}/environment/env-1`;
    const put = await ask(at(server.endpoint), "PUT", { Variables: [{ Name: "A", Value: "b c" }] });
    expect(put.status).toBe(204);
    await expect(start()).rejects.toThrow(`the folder ${stateDirectory} is in use by another jobs in this process`);
    await server.close();
    await using second = await start();
    expect((await ask(at(second.endpoint))).text).toBe("A=b c\n");
    expect((await ask(at(second.endpoint), "PATCH", { Variables: [{ Name: "B", Value: "1" }] })).status).toBe(204);
    expect((await ask(at(second.endpoint).replace("environment", "content") + "?type=env")).text).toBe("A=b c\nB=1\n");
  });

  test("does not listen where other machines reach it without authentication", async () => {
    const { client } = await startEngine();
    await expect(JobServer.start({ listen: "tcp://0.0.0.0:0", client })).rejects.toThrow("set tokens, tokenFile or tls.ca");
    await expect(JobServer.start({ listen: "tcp://127.0.0.1:0", client, tokens: ["short"] })).rejects.toThrow(
      "a token has at least 8",
    );
  });
});
