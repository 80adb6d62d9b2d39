import * as z from "zod";

const count = z.int().nonnegative();
const strings = z.record(z.string(), z.string());

/** A network interface of a guest. */
const nic = z
  .strictObject({
    name: z.string().optional().describe("Name of the interface within the guest, for callers; engines choose the real one."),
    network: z.string().optional().describe("Network that the interface belongs to. The engine's default network if omitted."),
    model: z.string().optional().describe("Hardware model of virtual machines. Stored, not used."),
    mac: z.string().optional().describe("MAC address, such as 02:42:ac:11:00:02. Chosen by the engine if omitted."),
    address: z.string().optional().describe("IPv4 or IPv6 address within the network's subnet. Chosen by the engine if omitted."),
    netmask: z.string().optional().describe("Netmask of the address, in results."),
    gateway: z.string().optional().describe("Gateway of the network, in results."),
    device: z.string().optional().describe("Name of a device of virtual machines. Stored, not used."),
    vlans: z.array(count).optional().describe("VLANs of the interface. Stored, not used."),
  })
  .meta({ id: "Nic", description: "A network interface of a guest." });

/** A disk of a guest. */
const disk = z
  .strictObject({
    bus: z.string().optional().describe("Bus of virtual machines. Stored, not used."),
    device: z.string().optional().describe("Absolute path within the guest where the disk is mounted."),
    size: count.optional().describe("Size in MB: the limit of a disk without volume and source, which is kept in memory."),
    volume: z.string().optional().describe("Name of the volume that the disk is. It is created if it does not exist."),
    image: z.string().optional().describe("Image of a disk of virtual machines. Refused: containers have none."),
    source: z.string().optional().describe("Absolute path on the host that the disk shows. The policy must allow it."),
    readOnly: z.boolean().optional().describe("Whether the guest can only read the disk. false by default."),
  })
  .meta({ id: "Disk", description: "A disk of a guest: a volume, a folder of the host, or memory." });

const restart = z
  .enum(["no", "always", "unless-stopped", "on-failure"])
  .describe("When the engine restarts the guest after its end.");

const device = z
  .strictObject({
    host: z.string().min(1).describe("Path of the device on the host."),
    guest: z.string().optional().describe("Path of the device in the guest. That on the host by default."),
    permissions: z
      .string()
      .regex(/^[rwm]+$/)
      .optional()
      .describe("Any of r, w and m. rwm by default."),
  })
  .meta({ id: "GuestDevice", description: "A device of the host in a guest." });

const port = z
  .strictObject({
    guest: z.int().min(1).max(65_535).describe("Port in the guest."),
    host: z.int().min(0).max(65_535).optional().describe("Port on the host. Chosen by the engine if omitted or 0."),
    address: z.string().optional().describe("Address of the host. All addresses by default."),
    protocol: z.enum(["tcp", "udp", "sctp"]).optional().describe("tcp by default."),
  })
  .meta({ id: "GuestPort", description: "A port of a guest that the host publishes." });

/** Settings of a guest beyond those of a virtual machine. */
const container = z
  .strictObject({
    command: z.array(z.string()).optional().describe("Command and its arguments. That of the image by default."),
    entrypoint: z.array(z.string()).optional().describe("Entry point. That of the image by default."),
    env: strings.optional().describe("Environment variables."),
    user: z.string().optional().describe("User and group, such as 1000:1000. Those of the image by default."),
    workingDirectory: z.string().optional().describe("Working directory. That of the image by default."),
    hostname: z.string().optional().describe("Host name. The ID of the guest by default."),
    tty: z.boolean().optional().describe("Whether the guest has a terminal. false by default."),
    stdin: z.boolean().optional().describe("Whether standard input stays open. The agent's setting by default."),
    init: z
      .boolean()
      .optional()
      .describe("Whether an init process reaps the guest's processes. The engine's setting by default."),
    readOnly: z.boolean().optional().describe("Whether the root file system is read-only. false by default."),
    restart: restart.optional(),
    ports: z.array(port).optional().describe("Ports that the host publishes."),
    publishAll: z.boolean().optional().describe("Whether the host publishes every exposed port. The agent's setting by default."),
    stopTimeout: count.optional().describe("Seconds between the stop signal and SIGKILL. 10 by default."),
    privileged: z.boolean().optional().describe("Whether the guest has all rights of the host. The policy must allow it."),
    devices: z.array(device).optional().describe("Devices of the host. The policy must allow each."),
    capabilitiesAdded: z
      .array(z.string())
      .optional()
      .describe("Capabilities beyond the default ones. The policy must allow each."),
    capabilitiesDropped: z.array(z.string()).optional().describe("Capabilities that the guest does not have."),
    securityOptions: z
      .array(z.string())
      .optional()
      .describe("Security options, such as seccomp=FILE. The policy must allow each."),
    runtime: z.string().optional().describe("OCI runtime. The policy must allow it."),
    cgroupParent: z.string().optional().describe("Parent control group. The policy must allow it."),
    networkMode: z
      .string()
      .optional()
      .describe("Network mode, such as none, in place of nics. The policy must allow host and container:."),
    pidMode: z.string().optional().describe("PID namespace. The policy must allow host and container:."),
    ipcMode: z.string().optional().describe("IPC namespace. The policy must allow host and container:."),
  })
  .meta({ id: "GuestContainer", description: "Settings of a guest as a container." });

/** A container of the agent's host, as callers see it. */
export const guest = z
  .strictObject(
    {
      id: z
        .string({ error: "missing guest with id" })
        .min(1, "missing guest with id")
        .describe("ID of the guest: the name and the host name of its container."),
      type: z.string().optional().describe("Type of the guest. The agent's guests are of type container."),
      image: z.string().optional().describe("Image of the guest."),
      nics: z.array(nic).optional().describe("Network interfaces."),
      disks: z.array(disk).optional().describe("Disks."),
      state: z
        .string()
        .optional()
        .describe("What an inspection of the container says: running, paused or stopped; deleted after a deletion."),
      memory: count.optional().describe("Memory limit in MB. 0 or omitted: no limit."),
      cpu: count.optional().describe("CPU limit, in whole CPUs. 0 or omitted: no limit."),
      vnc: z.int().optional().describe("VNC port of virtual machines. Stored, not used."),
      metadata: strings.optional().describe("Strings of the caller, kept as labels of the container."),
      container: container.optional().describe("Settings of the guest as a container."),
    },
    { error: (issue) => (issue.code === "invalid_type" ? "missing guest with id" : undefined) },
  )
  .meta({ id: "Guest", description: "A container of the agent's host." });

export type Guest = z.infer<typeof guest>;
export type Nic = z.infer<typeof nic>;
export type Disk = z.infer<typeof disk>;
export type GuestContainer = z.infer<typeof container>;
