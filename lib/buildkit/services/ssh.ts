import { connect, type Socket } from "node:net";
import { ignoreErrors } from "../../wire/quiet.js";
import type { GrpcMethod, ServerCall } from "../grpc/server.js";
import { Code, GrpcError } from "../grpc/status.js";
import { BytesMessage, CheckAgentRequest, Empty } from "../messages/session.js";
import { unary } from "./unary.js";

const DEFAULT = "default";

/** Sends what the agent answers. */
async function answers(agent: Socket, { stream }: ServerCall): Promise<void> {
  for await (const data of agent) await stream.send(BytesMessage.encode({ data: data as Buffer }));
}

async function requests(agent: Socket, { stream }: ServerCall): Promise<void> {
  for await (const message of stream.messages()) {
    const { data } = BytesMessage.decode(message);
    if (data.length > 0 && !agent.write(data)) {
      await new Promise<void>((resolve) => {
        agent.once("drain", resolve).once("close", () => resolve());
      });
    }
  }
  agent.end();
}

/**
 * Connects the steps of the build to SSH agents.
 *
 * @param agents - the sockets of the agents, by ID.
 */
export function sshMethods(agents: ReadonlyMap<string, string>): [string, GrpcMethod][] {
  const find = (id: string): string => {
    const path = agents.get(id || DEFAULT);
    if (path === undefined) throw new GrpcError(Code.NotFound, `unset ssh forward key ${id || DEFAULT}`);
    return path;
  };
  const forward: GrpcMethod = async (call) => {
    const agent = connect({ path: find(call.metadata.first("buildkit.ssh.id") ?? DEFAULT), allowHalfOpen: true });
    agent.on("error", ignoreErrors); // the loop over its answers throws it
    const stop = (): void => void agent.destroy();
    call.signal.addEventListener("abort", stop, { once: true });
    try {
      await Promise.all([answers(agent, call), requests(agent, call)]);
    } catch {
      throw new GrpcError(Code.Unavailable, "the SSH agent ended the connection, or cannot be reached");
    } finally {
      call.signal.removeEventListener("abort", stop);
      agent.destroy();
    }
  };
  return [
    [
      "/moby.sshforward.v1.SSH/CheckAgent",
      unary(CheckAgentRequest, Empty, ({ id }) => {
        find(id);
        return {};
      }),
    ],
    ["/moby.sshforward.v1.SSH/ForwardAgent", forward],
  ];
}
