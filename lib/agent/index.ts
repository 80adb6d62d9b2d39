/// <reference types="node" preserve="true" />

/**
 * A service that manages the containers of one host for callers that speak JSON-RPC: {@link Agent}, and its client
 * {@link AgentClient}.
 *
 * @example
 * ```ts
 * await using agent = await Agent.start({ listen: "unix:///run/agent.sock" });
 * await using client = new AgentClient({ endpoint: agent.endpoint });
 * await client.createContainer({ guest: { id: "web", image: "nginx" } });
 * ```
 *
 * @category Entry points
 * @module ts-dockerclient/agent
 */
export { Agent } from "./agent.js";
export type { AgentLimits, AgentOptions, GuestSettings } from "./options.js";
export type { LogLevel, ServiceLogger } from "../service/log.js";
export type { ServiceClientOptions, ServiceClientTls } from "../service/service-connection.js";
export type { ServiceOptions, ServiceTls } from "../service/service-options.js";
export { AgentClient, type AgentMethodName, type AgentParams, type AgentResult } from "./client/agent-client.js";
export type { AgentCallOptions } from "./client/call-options.js";
export * from "./client/errors.js";
export type * from "./client/types.js";
