import { join } from "node:path";
import { AgentClient } from "../../../lib/agent/client/agent-client.js";
import { bundled, folder } from "../bundle.js";
import { ServiceProcess } from "../service-process.js";

const program = await bundled(new URL("../../../lib/agent/main.ts", import.meta.url), "agent");

/** What an agent is started with. */
export interface AgentSettings {
  /** The engine. */
  readonly engine: string;
  /** The image service, such as `:8080`. */
  readonly imageService: string;
  /** The folder for what outlives it. */
  readonly stateDirectory: string;
  /** The folder for its temporary files. */
  readonly temporary: string;
}

/** The program `ts-dockerclient-agent` in a process of its own. */
export class AgentProcess extends ServiceProcess {
  /** A client of it. */
  readonly client: AgentClient;

  private constructor({ engine, imageService, stateDirectory, temporary }: AgentSettings) {
    const endpoint = `unix://${join(folder, "agent.sock")}`;
    const options = { listen: endpoint, endpoint: engine, "image-service": imageService, "state-dir": stateDirectory };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const { DOCKER_CERT_PATH: _, ...env } = process.env;
    super(program, [...args, "--log-level", "error"], { ...env, TMPDIR: temporary });
    this.client = new AgentClient({ endpoint });
  }

  /** Starts an agent. */
  static async start(settings: AgentSettings): Promise<AgentProcess> {
    const agent = new AgentProcess(settings);
    await agent.listening();
    return agent;
  }

  override async kill(signal?: NodeJS.Signals): Promise<number | null> {
    const code = await super.kill(signal);
    await this.client.close();
    return code;
  }
}
