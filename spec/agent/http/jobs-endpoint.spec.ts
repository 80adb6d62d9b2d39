import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { serveJobs } from "../../../lib/agent/http/jobs-endpoint.js";
import { Jobs } from "../../../lib/agent/work/jobs.js";
import { openRaw } from "../../support/ask.js";
import { held } from "../../support/held.js";
import { listen } from "../../support/servers.js";

const MB = 1024 * 1024;

test.each(["application/x-ndjson", "text/event-stream"])(
  "a listener that does not read %s is dropped, and others get everything",
  async (accept) => {
    const jobs = new Jobs();
    const work = held<string>();
    const job = jobs.start("GetLogs", undefined, () => work.promise);
    const path = `/jobs/${job.id}/events`;
    const dropped = new AbortController();
    const server = createServer((request, response) => {
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      if (request.headers["x-slow"] !== undefined) response.once("close", () => dropped.abort());
      void serveJobs({ request, response, signal: gone.signal }, path, jobs);
    });
    const { endpoint } = await listen(server, 0);
    const slow = openRaw(endpoint, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-Slow: 1\r\nAccept: ${accept}\r\n\r\n`);
    await once(slow.socket, "data"); // its headers
    slow.socket.pause();
    const { body } = await fetch(`${endpoint.replace("tcp:", "http:")}${path}`, { headers: { accept } });
    if (!body) throw new Error("there is no body");
    let read = 0;
    let sent = 0;
    let end = "";
    const send = (): void => {
      job.progress("x".repeat(MB));
      sent++;
    };
    send();
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      read += chunk.length;
      end = (end + Buffer.from(chunk).toString()).slice(-1_000);
      if (read < sent * MB) continue;
      if (dropped.signal.aborted || sent === 200) work.release("all of it");
      else send();
    }
    expect(dropped.signal.aborted).toBe(true);
    expect(sent).toBeGreaterThan(15);
    expect(end).toContain('"result":"all of it"');
  },
);
