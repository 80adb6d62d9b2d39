import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { CODES, type FailureKind } from "../rpc/rpc-error.js";

/** What metrics read when they are asked for. */
export interface MetricsSource {
  /** The number of calls that wait. */
  waiting(): number;
  /** Whether the engine answers. */
  isEngineUp(): Promise<boolean>;
}

/** The measurements of an agent, in the format of Prometheus. */
export class AgentMetrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<"method" | "code">;
  readonly #seconds: Histogram<"method">;
  readonly #inFlight: Gauge;
  readonly #engineErrors: Counter;

  constructor(source: MetricsSource) {
    const registers = [this.#registry];
    this.#requests = new Counter({
      name: "tsdc_agent_requests_total",
      help: "Calls by method and outcome: ok or a JSON-RPC error code.",
      labelNames: ["method", "code"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "tsdc_agent_request_seconds",
      help: "Duration of calls by method.",
      labelNames: ["method"],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
      registers,
    });
    this.#inFlight = new Gauge({ name: "tsdc_agent_in_flight", help: "Calls that run or wait.", registers });
    this.#engineErrors = new Counter({
      name: "tsdc_agent_engine_errors_total",
      help: "Calls that the engine failed.",
      registers,
    });
    new Gauge({
      name: "tsdc_agent_queue",
      help: "Calls that wait.",
      registers,
      collect() {
        this.set(source.waiting());
      },
    });
    new Gauge({
      name: "tsdc_agent_engine_up",
      help: "Whether the engine answers.",
      registers,
      async collect() {
        this.set((await source.isEngineUp()) ? 1 : 0);
      },
    });
  }

  /** Counts a call. Returns a function that is to be called with its failure, if any. Unknown methods share one label. */
  begin(method = "unknown"): (failure: FailureKind | undefined) => void {
    this.#inFlight.inc();
    const measured = this.#seconds.startTimer({ method });
    return (failure) => {
      this.#inFlight.dec();
      measured();
      this.#requests.inc({ method, code: failure === undefined ? "ok" : String(CODES[failure]) });
      if (failure === "engine") this.#engineErrors.inc();
    };
  }

  /** The type of the text. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Returns the text. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
