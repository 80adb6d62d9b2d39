import type * as types from "../../types/index.js";
import { healthConfig, mount } from "./containers.js";
import { list, map, type Shape } from "./shape.js";

// The shapes of responses about the swarm and its objects.

const driver: Shape<types.Driver> = { Options: map };
export const pluginPrivilege: Shape<types.PluginPrivilege> = { Value: list };
export const serviceCreateResponse: Shape<types.ServiceCreateResponse> = { Warnings: list };
export const configSpec: Shape<types.ConfigSpec> = { Labels: map, Templating: driver };
const resourceObject: Shape<types.ResourceObject> = { GenericResources: list };
const engineDescription: Shape<types.EngineDescription> = { Labels: map, Plugins: list };
const nodeDescription: Shape<types.NodeDescription> = { Resources: resourceObject, Engine: engineDescription };
const nodeSpec: Shape<types.NodeSpec> = { Labels: map };
export const node: Shape<types.Node> = { Description: nodeDescription, Spec: nodeSpec };
export const secretSpec: Shape<types.SecretSpec> = { Labels: map, Driver: driver, Templating: driver };
const taskDNSConfig: Shape<types.TaskDNSConfig> = { Nameservers: list, Search: list, Options: list };
const containerSpec: Shape<types.ContainerSpec> = {
  Labels: map,
  Command: list,
  Args: list,
  Env: list,
  Groups: list,
  Mounts: [mount],
  Healthcheck: healthConfig,
  HealthCheck: healthConfig,
  Hosts: list,
  DNSConfig: taskDNSConfig,
  Secrets: list,
  Configs: list,
  Sysctls: map,
  CapabilityAdd: list,
  CapabilityDrop: list,
  Ulimits: list,
};
const taskPluginSpec: Shape<types.TaskPluginSpec> = {
  PluginPrivilege: [pluginPrivilege],
  Privileges: [pluginPrivilege],
  Env: list,
};
const taskResources: Shape<types.TaskResources> = { Reservations: resourceObject };
const placement: Shape<types.Placement> = { Constraints: list, Preferences: list, Platforms: list };
const networkAttachmentConfig: Shape<types.NetworkAttachmentConfig> = { Aliases: list, DriverOpts: map };
const taskSpec: Shape<types.TaskSpec> = {
  ContainerSpec: containerSpec,
  PluginSpec: taskPluginSpec,
  Resources: taskResources,
  Placement: placement,
  Networks: [networkAttachmentConfig],
  LogDriver: driver,
};
const endpointSpec: Shape<types.EndpointSpec> = { Ports: list };
const serviceSpec: Shape<types.ServiceSpec> = {
  Labels: map,
  TaskTemplate: taskSpec,
  Networks: [networkAttachmentConfig],
  EndpointSpec: endpointSpec,
};
const serviceEndpoint: Shape<types.ServiceEndpoint> = { Spec: endpointSpec, Ports: list, VirtualIPs: list };
export const service: Shape<types.Service> = { PreviousSpec: serviceSpec, Endpoint: serviceEndpoint, Spec: serviceSpec };
const swarmExternalCA: Shape<types.SwarmExternalCA> = { Options: map };
const swarmCAConfig: Shape<types.SwarmCAConfig> = { ExternalCAs: [swarmExternalCA] };
const swarmLogDriver: Shape<types.SwarmLogDriver> = { Options: map };
const swarmTaskDefaults: Shape<types.SwarmTaskDefaults> = { LogDriver: swarmLogDriver };
const swarmSpec: Shape<types.SwarmSpec> = { Labels: map, CAConfig: swarmCAConfig, TaskDefaults: swarmTaskDefaults };
export const swarm: Shape<types.Swarm> = { Spec: swarmSpec, DefaultAddrPool: list };
const portStatus: Shape<types.PortStatus> = { Ports: list };
const taskStatus: Shape<types.TaskStatus> = { PortStatus: portStatus };
const swarmIPAMOptions: Shape<types.SwarmIPAMOptions> = { Driver: { Options: map }, Configs: list };
const swarmNetworkSpec: Shape<types.SwarmNetworkSpec> = {
  Labels: map,
  DriverConfiguration: driver,
  IPAMOptions: swarmIPAMOptions,
};
const swarmNetwork: Shape<types.SwarmNetwork> = {
  DriverState: { Options: map },
  IPAMOptions: swarmIPAMOptions,
  Spec: swarmNetworkSpec,
};
const networkAttachment: Shape<types.NetworkAttachment> = { Network: swarmNetwork, Addresses: list };
export const task: Shape<types.Task> = {
  Labels: map,
  Status: taskStatus,
  NetworksAttachments: [networkAttachment],
  AssignedGenericResources: list,
  Volumes: list,
  Spec: taskSpec,
};
export const serviceUpdateResponse: Shape<types.ServiceUpdateResponse> = { Warnings: list };
export const clusterInfo: Shape<types.ClusterInfo> = { Spec: swarmSpec, DefaultAddrPool: list };
