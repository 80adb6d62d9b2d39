import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { Agent } from "../../../lib/agent/agent.js";
import type { AgentOptions } from "../../../lib/agent/options.js";
import type { Guest } from "../../../lib/agent/schemas/guest.js";
import type { JobObject } from "../../../lib/agent/schemas/job.js";
import type { Image } from "../../../lib/agent/schemas/responses.js";
import { Client } from "../../../lib/client.js";
import type { ContainerInspect } from "../../../lib/index.js";
import { BOX, startEngine } from "../../support/embedded-engine.js";

/** The real engine that the specs run on in place of the embedded one, if the environment names one. It needs busybox:latest. */
export const realEngine = process.env["SERVICE_SPEC_ENGINE"] || undefined;

/** An image with sh, cat, sleep and other basic tools, which the engine under test has. */
export const IMAGE = realEngine === undefined ? BOX : "busybox:latest";

/** An agent, and a client of its engine. */
export interface AgentBed {
  readonly agent: Agent;
  readonly client: Client;
  /** The URL of the calls. */
  readonly url: string;
}

/** The path of the calls. */
export const RPC = "/_mistify_RPC_";

/** Starts an agent of the engine under test for the rest of the test. */
export async function startAgent(options: AgentOptions = {}): Promise<AgentBed> {
  const client = options.client ?? (realEngine === undefined ? (await startEngine()).client : realClient(realEngine));
  const agent = await Agent.start({ listen: "tcp://127.0.0.1:0", ...options, client });
  onTestFinished(() => agent.close(0));
  return { agent, client, url: `${agent.endpoint.replace("tcp:", "http:")}${RPC}` };
}

/** Returns a client of the engine of another one, which speaks an earlier version of the API. */
export function earlier({ client: { endpoint } }: AgentBed, apiVersion: string): Client {
  return realClient(endpoint, apiVersion);
}

function realClient(endpoint: string, apiVersion?: string): Client {
  const client = new Client({ endpoint, apiVersion });
  onTestFinished(() => client.close());
  return client;
}

/** Returns the ID of a guest that is removed after the test. */
export function guestId({ client }: AgentBed, prefix = "guest"): string {
  const id = `aproto-${prefix}-${randomBytes(5).toString("hex")}`;
  onTestFinished(async () => {
    await client.removeContainer({ id, force: true, removeVolumes: true }).catch(() => undefined); // most tests remove it
  });
  return id;
}

/** A response with its text. */
export interface Answered {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

/** Posts a body to an agent. A value is sent as JSON, a string or bytes as they are. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: isRaw ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body),
  });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

/** An error of JSON-RPC 2.0. */
interface ErrorObject {
  code: number;
  message: string;
  data: Record<string, unknown>;
}

/** The members that results have, whichever method they are of. */
export interface AnyResult {
  guest: Guest;
  action: string;
  message?: string;
  containers: ContainerInspect[];
  images: Image[];
  job: JobObject;
  jobs: JobObject[];
  lines: { stream: string; line: string }[];
  truncated: boolean;
  exitCode: number;
  stdout: string;
  stderr: string;
  [name: string]: unknown;
}

/** Calls a method in JSON-RPC 2.0. Returns its result. @throws its error. */
export async function call2({ url }: AgentBed, method: string, params: object = {}): Promise<AnyResult> {
  const { text } = await post(url, { jsonrpc: "2.0", id: 1, method, params });
  const { result, error } = JSON.parse(text) as { result: AnyResult; error?: ErrorObject };
  if (error) throw Object.assign(new Error(error.message), { code: error.code, data: error.data });
  return result;
}

/** Calls a method of mdocker in JSON-RPC 1.0. Returns its result. @throws its error. */
export async function call1({ url }: AgentBed, method: string, params: object = {}): Promise<AnyResult> {
  const { status, text } = await post(url, { id: 1, method: `MDocker.${method}`, params: [params] });
  if (status !== 200) throw new Error(`${status}: ${text}`);
  const { result, error } = JSON.parse(text) as { result: AnyResult; error: string | null };
  if (error !== null) throw new Error(error);
  return result;
}
