import { join } from "node:path";
import { JobClient } from "../../../lib/jobs/job-client.js";
import { bundled, folder } from "../bundle.js";
import { ServiceProcess } from "../service-process.js";

const program = await bundled(new URL("../../../lib/jobs/main.ts", import.meta.url), "jobs");

/** The program `ts-dockerclient-jobs` in a process of its own. */
export class JobsProcess extends ServiceProcess {
  /** A client of it. */
  readonly client: JobClient;

  private constructor(engine: string, stateDirectory: string) {
    const endpoint = `unix://${join(folder, "jobs.sock")}`;
    const options = { listen: endpoint, endpoint: engine, "state-dir": stateDirectory, "log-level": "error" };
    super(
      program,
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      process.env,
    );
    this.client = new JobClient({ endpoint });
  }

  /** Starts a server of jobs. */
  static async start(engine: string, stateDirectory: string): Promise<JobsProcess> {
    const jobs = new JobsProcess(engine, stateDirectory);
    await jobs.listening();
    return jobs;
  }

  override async kill(signal?: NodeJS.Signals): Promise<number | null> {
    const code = await super.kill(signal);
    await this.client.close();
    return code;
  }
}
