import type { Client } from "../../../lib/client.js";
import type { ServiceSpec } from "../../../lib/types/service.js";
import { type Answer, type RecordedRequest, recordingDaemon } from "../../support/recording-daemon.js";

interface FakeService {
  readonly ID: string;
  Version: { Index: number };
  Spec: ServiceSpec;
}

/** A swarm of one node that does at once what it is told, and keeps what it was sent. */
export interface FakeManager {
  readonly client: Client;
  /** The requests that change something: method and path without the version, and the body. */
  changes(): readonly (readonly [line: string, body: unknown])[];
  /** The spec that was sent last, of the service with a name. */
  specOf(name: string): ServiceSpec | undefined;
}

/** Starts a {@link FakeManager} for the rest of the test. */
export async function fakeManager(): Promise<FakeManager> {
  const services = new Map<string, FakeService>();
  const networks = new Map<string, { Id: string; Name: string; Labels: Record<string, string> }>();
  const secrets = new Map<string, { ID: string; Spec: { Name: string; Labels: Record<string, string> } }>();
  let made = 0;
  const find = (key: string): FakeService | undefined =>
    services.get(key) ?? [...services.values()].find(({ Spec }) => Spec.Name === key);
  const hasLabel = (labels: Readonly<Record<string, string>> | undefined | null, query: URLSearchParams): boolean => {
    const { label = [] } = JSON.parse(query.get("filters") ?? "{}") as { label?: string[] };
    return label.every((each) => {
      const [name = "", value] = each.split("=");
      return value === undefined ? labels?.[name] !== undefined : labels?.[name] === value;
    });
  };
  const tasksOf = ({ ID, Spec }: FakeService): object[] =>
    Array.from({ length: Spec.Mode?.Replicated?.Replicas ?? 1 }, (_, index) => ({
      ID: `${ID}-${index}`,
      ServiceID: ID,
      Slot: index + 1,
      NodeID: "node-1",
      CreatedAt: "2026-01-01T00:00:00Z",
      DesiredState: "running",
      Status: { State: "running", Timestamp: "2026-01-01T00:00:00Z" },
    }));

  const answer = ({ line, body }: RecordedRequest): Answer => {
    const [, method = "", path = "", search = ""] = /^(\w+) \/v[\d.]+([^?]*)\??(.*)$/.exec(line) ?? [];
    const query = new URLSearchParams(search);
    const sent = (): Record<string, unknown> => JSON.parse(body.toString()) as Record<string, unknown>;
    const [, kind = "", key = "", action = ""] = path.split("/");
    switch (`${method} ${kind}`) {
      case "GET info":
        return { body: { Swarm: { NodeID: "node-1" } } };
      case "GET nodes":
        return { body: [{ ID: "node-1", Description: { Hostname: "host-1" } }] };
      case "GET images":
        return { body: { Config: { Volumes: {} } } };
      case "GET containers":
        return { body: [] };
      case "GET tasks": {
        const { service = [] } = JSON.parse(query.get("filters") ?? "{}") as { service?: string[] };
        return { body: service.flatMap((each) => (find(each) ? tasksOf(find(each) as FakeService) : [])) };
      }
      case "GET services": {
        if (key === "") return { body: [...services.values()].filter(({ Spec }) => hasLabel(Spec.Labels, query)) };
        return find(key) ? { body: find(key) } : { status: 404, body: { message: `service ${key} not found` } };
      }
      case "POST services": {
        const spec = sent() as ServiceSpec;
        const known = find(key);
        if (action === "update" && known) {
          Object.assign(known, { Spec: spec, Version: { Index: known.Version.Index + 1 } });
          return { body: {} };
        }
        const ID = `service-${++made}`;
        services.set(ID, { ID, Version: { Index: 1 }, Spec: spec });
        return { status: 201, body: { ID } };
      }
      case "DELETE services":
        return { status: services.delete(find(key)?.ID ?? "") ? 200 : 404, body: { message: "gone" } };
      case "GET networks":
        return { body: [...networks.values()].filter(({ Labels }) => hasLabel(Labels, query)) };
      case "POST networks": {
        const { Name, Labels } = sent() as { Name: string; Labels: Record<string, string> };
        const Id = `network-${++made}`;
        networks.set(Id, { Id, Name, Labels });
        return { status: 201, body: { Id } };
      }
      case "DELETE networks":
        return { status: networks.delete(key) ? 204 : 404 };
      case "GET secrets":
        return { body: [...secrets.values()].filter(({ Spec }) => hasLabel(Spec.Labels, query)) };
      case "POST secrets": {
        const { Name, Labels } = sent() as { Name: string; Labels: Record<string, string> };
        const ID = `secret-${++made}`;
        secrets.set(ID, { ID, Spec: { Name, Labels } });
        return { status: 201, body: { ID } };
      }
      case "DELETE secrets": {
        const isUsed = [...services.values()].some(({ Spec }) =>
          Spec.TaskTemplate?.ContainerSpec?.Secrets?.some(({ SecretID }) => SecretID === key),
        );
        if (isUsed) return { status: 400, body: { message: "secret is in use" } };
        return { status: secrets.delete(key) ? 204 : 404 };
      }
      default:
        return { status: 501, body: { message: `no answer to ${line}` } };
    }
  };
  const { client, requests } = await recordingDaemon(answer);
  return {
    client,
    changes: () =>
      requests
        .filter(({ line }) => !line.startsWith("GET "))
        .map(({ line, body }) => [
          line.replace(/\/v[\d.]+/, ""),
          body.length === 0 ? undefined : (JSON.parse(body.toString()) as unknown),
        ]),
    specOf: (name) => find(name)?.Spec,
  };
}
