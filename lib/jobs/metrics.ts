import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** The measurements of a server of jobs, in the format of Prometheus. */
export class JobMetrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<"request" | "status">;
  readonly #seconds: Histogram<"request">;

  /** @param source - what is read when somebody asks. */
  constructor({ waiting, isEngineUp }: { waiting: () => number; isEngineUp: () => Promise<boolean> }) {
    const registers = [this.#registry];
    this.#requests = new Counter({
      name: "tsdc_jobs_requests_total",
      help: "Requests by name and HTTP status.",
      labelNames: ["request", "status"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "tsdc_jobs_request_seconds",
      help: "Duration of requests by name, until the end of the response.",
      labelNames: ["request"],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
      registers,
    });
    new Gauge({
      name: "tsdc_jobs_queue",
      help: "Requests that wait.",
      registers,
      collect() {
        this.set(waiting());
      },
    });
    new Gauge({
      name: "tsdc_jobs_engine_up",
      help: "Whether the engine answers.",
      registers,
      async collect() {
        this.set((await isEngineUp()) ? 1 : 0);
      },
    });
  }

  /** Counts a request. Returns a function that is to be called with the status of its response. */
  begin(request: string): (status: number) => void {
    const measured = this.#seconds.startTimer({ request });
    return (status) => {
      measured();
      this.#requests.inc({ request, status: String(status) });
    };
  }

  /** Returns the measurements. */
  async read(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
