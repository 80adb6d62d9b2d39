import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { Client } from "../../../lib/client.js";
import type { JobBackEnd } from "../../../lib/jobs/back-end.js";
import { Dispatcher, type DispatcherOptions } from "../../../lib/jobs/dispatcher.js";
import { engineBackEnd, type EngineBackEndOptions } from "../../../lib/jobs/engine/engine-back-end.js";
import { startBareEngine } from "../../support/embedded-engine.js";

/** The real engine that the specs run on in place of the embedded one, if the environment names one. It needs busybox:latest. */
const realEngine = process.env["SERVICE_SPEC_ENGINE"];

/** An image with a shell and other basic tools, which the engine under test has. */
export const IMAGE = "busybox";

/** Whether the engine has an image that forwards connections. The embedded one has no `nc`. */
export const HAS_FORWARDER = realEngine !== undefined;

/** What runs until it is stopped, at once. */
export const SLEEP = ["sh", "-c", "trap 'exit 0' TERM; sleep 1000 & wait"];

/** What serves a text over HTTP on port 8080, and ends at once when it is stopped. */
export function serve(text: string): string[] {
  return ["sh", "-c", `mkdir -p /www; echo ${text} > /www/index.html; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait`];
}

/** A dispatcher, and a client of its engine. */
export interface JobsBed {
  readonly client: Client;
  readonly backEnd: JobBackEnd;
  readonly dispatcher: Dispatcher;
}

/** Options of {@link startJobs}. */
export type BedOptions = Partial<Omit<DispatcherOptions, "backEnd">> & Partial<Omit<EngineBackEndOptions, "client">>;

/** Starts a dispatcher of jobs on the engine under test for the rest of the test. */
export async function startJobs({ store, ports, ...rest }: BedOptions = {}): Promise<JobsBed> {
  const client =
    realEngine === undefined ? (await startBareEngine({ standardImages: ["busybox"] })).client : realClient(realEngine);
  const backEnd = engineBackEnd({ client, store, ports, forwarderImage: IMAGE });
  const dispatcher = new Dispatcher({ backEnd, slowQueue: 100, ...rest });
  onTestFinished(() => dispatcher.close(0));
  return { client, backEnd, dispatcher };
}

function realClient(endpoint: string): Client {
  const client = new Client({ endpoint });
  onTestFinished(() => client.close());
  return client;
}

/** Returns the identifier of a container that is removed after the test. */
export function jobId({ backEnd }: JobsBed, prefix = "job"): string {
  const id = `${prefix}-${randomBytes(5).toString("hex")}`;
  onTestFinished(() => backEnd.remove(id, true, new AbortController().signal).catch(() => undefined)); // most tests remove it
  return id;
}

/** A clock that is a second later each time: nothing is throttled. */
export function later(): () => number {
  let now = 0;
  return () => (now += 1_000);
}
